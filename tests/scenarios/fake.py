"""The driver of the fake platform: the desk and the fake messenger, with no wire between."""

from collections.abc import Iterable, Iterator

from bot.model.answer import Answer
from bot.model.command import Asker
from bot.model.delivery import Payload
from bot.model.form import Form
from bot.model.message import Action, Card, Message
from bot.model.subscription import Channel, Platform
from tests.fakes.messenger import words_of
from tests.scenarios.driver import ADA, BOARD, CLUB, LAB, Seen
from tests.world import World


def channel(name: str) -> Channel:
    return Channel(Platform.TERMINAL, "", name)


class FakeDriver:
    """People in front of the fake platform."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def say(self, line: str, *, by: str = ADA, where: str = LAB) -> Seen:
        return self._answered(await self.world.desk.ask(_asker(by, where), line), where)

    async def press(self, seen: Seen, label: str, *, by: str = ADA, where: str = LAB) -> Seen:
        command = next(one.command for one in seen.handle if one.label == label)
        return await self.say(command, by=by, where=where)

    async def fill(
        self, form: Seen, values: dict[str, str], *, by: str = ADA, where: str = LAB
    ) -> Seen:
        filled = form.values | values
        done = await self.world.desk.submit(_asker(by, where), form.handle.command, filled)
        return self._answered(done, where)

    async def posts(self, where: str = LAB) -> list[Seen]:
        return list(self._posts(str(channel(where))))

    async def letters(self, to: str) -> list[Seen]:
        return list(self._posts(str(channel(f"@{to}"))))

    async def put_out(self, where: str = LAB) -> None:
        self.world.platform.closed.add(str(channel(where)))

    async def let_in(self, where: str = LAB) -> None:
        self.world.platform.closed.discard(str(channel(where)))

    def _posts(self, where: str) -> Iterator[Seen]:
        platform = self.world.platform
        for page, message_id in platform.standing(where):
            yield _seen_page(page)
            for reply in platform.threads.get(message_id, []):
                yield _seen_page(reply)

    def _answered(self, answer: Answer, where: str) -> Seen:
        if answer.public is not None:
            self.world.platform.say(channel(where), answer.public)
        if answer.form is not None:
            return _seen_form(answer.form)
        return _seen(answer.private) if answer.private else Seen()


def _asker(by: str, where: str) -> Asker:
    visible = {LAB, CLUB, BOARD} if by == ADA else {LAB, CLUB}
    return Asker(channel=channel(where), member=by, is_admin=by == ADA, may_see=frozenset(visible))


def _seen(message: Message) -> Seen:
    actions = list(_actions(message, message.cards))
    labels = tuple(one.label for one in actions)
    return Seen("\n".join(words_of(message)), labels, handle=actions)


def _actions(message: Message, cards: Iterable[Card]) -> Iterator[Action]:
    for card in cards:
        yield from (*card.face.actions, *card.face.more)
    yield from getattr(message, "actions", ())


def _seen_page(page: Payload) -> Seen:
    actions = [Action(label, command) for label, command in page["actions"]]
    return Seen("\n".join(page["words"]), tuple(one.label for one in actions), handle=actions)


def _seen_form(form: Form) -> Seen:
    values = {field.name: field.value for field in form.fields}
    return Seen("\n".join((form.title, *form.note)), (), values, form.errors, form)
