"""Channels come and go: subscriptions are suspended with a reason and resume by themselves."""

import pytest

from adapters.slack.channels import ARCHIVED, DELETED, REMOVED, Channels
from adapters.slack.client import new_client
from adapters.slack.workspaces import OneWorkspace
from bot.model.subscription import Channel, Platform


class Standing:
    """Remembers what was done to channels."""

    def __init__(self):
        self.state = {}
        self.moved = []
        self.strange = set()

    async def known(self, channel):
        return channel not in self.strange

    async def suspend(self, channel, reason, *, is_gone=False):
        assert is_gone == (reason == DELETED)
        self.state[channel] = reason

    async def resume(self, channel):
        self.state[channel] = ""

    async def move(self, old, new):
        self.moved.append((old.channel, new.channel))


@pytest.fixture
def standing():
    return Standing()


@pytest.fixture
def channels(slack, standing):
    return Channels(OneWorkspace(new_client(slack.bot_token, slack.api_url)), standing)


@pytest.fixture
def here(slack):
    return Channel(Platform.SLACK, slack.home.id, slack.general.id)


def event(slack, kind, **more):
    granted = {"team_id": slack.home.id, "user_id": slack.home.bot_user, "is_bot": True}
    whole = {"type": kind, "channel": slack.general.id, **more}
    return {"team_id": slack.home.id, "event": whole, "authorizations": [granted]}


async def test_an_archived_channel_is_suspended_and_resumed_when_it_is_not(
    slack, channels, standing, here
):
    slack.general.archived = True
    await channels.heard(event(slack, "channel_archive"))
    assert standing.state == {here: ARCHIVED}
    slack.general.archived = False
    await channels.heard(event(slack, "channel_unarchive"))
    assert standing.state == {here: ""}


async def test_being_removed_and_invited_again(slack, channels, standing, here):
    me = slack.home.bot_user
    slack.general.bot_is_member = False
    await channels.heard(event(slack, "member_left_channel", user=me))
    assert standing.state == {here: REMOVED}
    slack.general.bot_is_member = True
    await channels.heard(event(slack, "member_joined_channel", user=me))
    assert standing.state == {here: ""}


async def test_people_who_come_and_go_change_nothing(slack, channels, standing):
    await channels.heard(event(slack, "member_left_channel", user="U0READER01"))
    assert standing.state == {}


async def test_events_in_the_wrong_order_lead_to_the_same_end(slack, channels, standing, here):
    """Bad input 75: the kick arrives after the join that followed it."""
    me = slack.home.bot_user
    await channels.heard(event(slack, "member_joined_channel", user=me))
    await channels.heard(event(slack, "member_left_channel", user=me))
    assert standing.state == {here: ""}


async def test_a_deleted_channel_is_suspended(slack, channels, standing, here):
    del slack.home.channels[slack.general.id]
    await channels.heard(event(slack, "channel_deleted"))
    assert standing.state[here] == "the channel was deleted"


async def test_an_event_is_believed_where_slack_may_not_be_asked(slack, channels, standing, here):
    slack.home.scopes.discard("channels:read")
    await channels.heard(event(slack, "channel_archive"))
    assert standing.state == {here: ARCHIVED}
    await channels.heard(event(slack, "channel_unarchive"))
    assert standing.state == {here: ""}


async def test_a_channel_with_a_new_id_keeps_its_subscriptions(slack, channels, standing):
    body = event(slack, "channel_id_changed", old_channel_id="G1", new_channel_id="C1")
    await channels.heard(body)
    assert standing.moved == [("G1", "C1")]


async def test_channels_nobody_ordered_anything_for_cost_no_question(
    slack, channels, standing, here
):
    standing.strange.add(here)
    await channels.heard(event(slack, "channel_archive"))
    assert standing.state == {}
    assert slack.calls == []


@pytest.mark.parametrize("body", [{}, {"event": {}}, {"event": {"type": "channel_archive"}}])
async def test_an_event_without_a_channel_is_left_alone(channels, standing, body):
    await channels.heard(body)
    assert standing.state == {}
