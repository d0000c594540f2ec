"""What the bot needs to remember of the workspaces that installed it."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.model.installation import Installation
from bot.model.subscription import Platform


class Installations(Protocol):
    """Installations, their tokens sealed at rest. A tenant is a workspace or an organisation."""

    async def save(self, installation: Installation, *, now: datetime) -> list[str]:
        """Remember it; a newer one of the same tenant replaces the older.

        The workspaces it covers, as far as they are known: those of an organisation that were seen.
        """
        ...

    async def find(
        self, platform: Platform, workspace: str, organisation: str = ""
    ) -> Installation | None:
        """The workspace's own, else that of its organisation; None: not installed there.

        organisation: where the caller knows it; else the one this workspace was seen in.
        """
        ...

    async def belongs(self, platform: Platform, workspace: str, organisation: str) -> bool:
        """Remember that an organisation's installation covers a workspace.

        Messages nobody asked for know the workspace alone. True if it had left and is back now.
        """
        ...

    async def withdraw(
        self, platform: Platform, workspace: str, organisation: str, *, now: datetime
    ) -> bool:
        """An organisation's installation covers this workspace no longer; the others it does.

        Its data are marked for deletion, unless it has the app by itself. True if it has left now.
        """
        ...

    async def take_renewal(
        self, installation: Installation, *, now: datetime, hold: timedelta
    ) -> bool:
        """Let one caller renew these tokens; False while another one holds or has done it."""
        ...

    async def renewed(self, installation: Installation, *, now: datetime) -> bool:
        """Store the new tokens of a renewal taken; False if they were replaced meanwhile."""
        ...

    async def remove(self, platform: Platform, tenant: str, *, now: datetime) -> list[str]:
        """Delete the tokens at once and mark the tenant's data for deletion.

        The workspaces concerned; empty when there was nothing.
        """
        ...

    async def purge(self, *, left_before: datetime) -> int:
        """Delete everything of workspaces that left before then and did not come back."""
        ...

    async def count(self, platform: Platform) -> int:
        """How many there are."""
        ...

    async def new_state(self, state: str, *, expires_at: datetime, now: datetime) -> None:
        """Remember the state of an installation that has begun."""
        ...

    async def use_state(self, state: str, *, now: datetime) -> bool:
        """Whether this state was given out and neither used nor expired; it is used up now."""
        ...

    async def check_keys(self) -> None:
        """Raise ConfigError unless every sealed value opens with a key we have."""
        ...

    async def rotate_keys(self) -> int:
        """Seal everything anew with the first key; how many installations were not yet."""
        ...
