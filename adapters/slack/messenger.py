"""The Messenger over every workspace: finds the token, then posts with it."""

from datetime import datetime

from adapters.slack.post import SlackMessenger, plain
from adapters.slack.render import render
from adapters.slack.workspaces import Clients
from bot.model.delivery import NotSent, Outcome, Payload, ReadBack, Unanswered, WorkspaceGone
from bot.model.errors import BotError
from bot.model.message import Message
from bot.model.subscription import Channel, Platform

NOT_INSTALLED = "Paperwire is not installed in this workspace; install it again to go on"


class WorkspacesMessenger:
    """Posts wherever the app is installed. See `bot.ports.Messenger`."""

    def __init__(self, workspaces: Clients) -> None:
        self._workspaces = workspaces

    @property
    def platform(self) -> Platform:
        """Slack."""
        return Platform.SLACK

    recognises_repeats_for = SlackMessenger.recognises_repeats_for

    def plain(self, page: Payload) -> Payload | None:
        """The fallback text without the blocks."""
        return plain(page)

    def pages(self, message: Message) -> list[Payload]:
        """`message` as Slack messages within every limit."""
        return render(message)

    async def post(self, to: Channel, page: Payload, *, marker: str, thread: str = "") -> Outcome:
        """Post one page once."""
        one = await self._in(to)
        if isinstance(one, SlackMessenger):
            return await one.post(to, page, marker=marker, thread=thread)
        return one

    async def edit(self, to: Channel, message_id: str, page: Payload) -> Outcome:
        """Change one page."""
        one = await self._in(to)
        return await one.edit(to, message_id, page) if isinstance(one, SlackMessenger) else one

    async def find(
        self, to: Channel, *, marker: str, since: datetime, thread: str = ""
    ) -> ReadBack:
        """Look for the page."""
        one = await self._in(to)
        if isinstance(one, SlackMessenger):
            return await one.find(to, marker=marker, since=since, thread=thread)
        return Unanswered(one.reason)

    async def _in(self, to: Channel) -> SlackMessenger | NotSent | WorkspaceGone:
        try:
            client = await self._workspaces.client(to.workspace)
        except (BotError, TimeoutError) as problem:
            # Nothing was sent: the outbox tries again, and nothing is held against the channel.
            return NotSent(f"no token to post with: {problem or type(problem).__name__}")
        return WorkspaceGone(NOT_INSTALLED) if client is None else SlackMessenger(client)
