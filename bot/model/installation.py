"""Where the app is installed on a platform that hands out a token for each workspace."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.model.subscription import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The app in one workspace, or in a whole organisation of workspaces.

    workspace: empty when the organisation installed it for all of its workspaces. token and
    refresh_token: secrets. expires_at: None for a token that lasts. generation: grows whenever
    the tokens are replaced.
    """

    platform: Platform
    workspace: str = ""
    organisation: str = ""
    name: str = ""
    bot_user: str = ""
    scopes: frozenset[str] = frozenset()
    token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_at: datetime | None = None
    generation: int = 0
    installed_at: datetime | None = None

    @property
    def tenant(self) -> str:
        """Whose installation it is: the workspace's, or else the organisation's."""
        return self.workspace or self.organisation
