"""The fake that stands for a platform in other tests keeps the promises that matter there."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.model.delivery import NotSent, Unclear
from bot.model.subscription import Channel, Platform
from tests.builders import LAB
from tests.contracts import messenger as contract
from tests.contracts.messenger import Trouble
from tests.fakes.messenger import FakeMessenger

PERSON = Channel(Platform.TERMINAL, "", "@anna")


class Stage:
    """The fake for the suite every messenger passes."""

    channel = LAB
    person = PERSON
    limited_for = timedelta(seconds=30)

    def __init__(self):
        self.messenger = FakeMessenger()

    def now(self):
        return datetime(2026, 11, 23, 9, tzinfo=UTC)

    def visible(self):
        return _words(self.messenger.posts.get(str(LAB), []))

    def answers(self):
        return _words([page for pages in self.messenger.threads.values() for page in pages])

    def told(self):
        return _words(self.messenger.posts.get(str(PERSON), []))

    async def break_with(self, trouble):
        match trouble:
            case Trouble.LOST_AFTER:
                self.messenger.lose_next_receipt = True
            case Trouble.EDIT_LOST_AFTER | Trouble.LOST_BEFORE | Trouble.SERVER_ERROR:
                self.messenger.fail = [Unclear("lost")]
            case Trouble.NO_CONNECTION:
                self.messenger.fail = [NotSent("refused")]
            case Trouble.LIMITED | Trouble.EDIT_LIMITED:
                self.messenger.fail = [NotSent("limited", wait=self.limited_for, limited=True)]
            case _:
                raise NotImplementedError(trouble)

    async def mend(self):
        self.messenger.fail = []


def _words(pages):
    return [json.dumps(page).replace('"', "\n") for page in pages]


KEPT = (
    contract.a_posted_page_is_visible_once,
    contract.a_posted_page_is_found_by_its_marker,
    contract.a_page_lost_before_the_platform_had_it_is_not_found,
    contract.a_page_whose_receipt_was_lost_stands_once_and_is_found,
    contract.no_connection_means_not_sent,
    contract.a_limit_is_no_failure_and_says_how_long_to_wait,
    contract.after_every_trouble_the_next_page_gets_through,
    contract.an_edit_shows_the_new_page_instead_of_the_old_one,
    contract.an_edit_of_a_message_that_is_not_there_harms_nothing_else,
    contract.an_edit_whose_receipt_was_lost_may_simply_be_made_again,
    contract.a_limit_on_edits_says_how_long_to_wait,
    contract.an_answer_stands_with_its_message_and_is_found,
    contract.a_person_is_told_directly_and_what_was_said_can_be_changed,
)


@pytest.mark.parametrize("promise", KEPT, ids=lambda promise: promise.__name__)
async def test_the_fake_platform_keeps_what_every_messenger_promises(promise):
    await promise(Stage())
