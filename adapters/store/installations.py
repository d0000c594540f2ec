"""The workspaces that installed the app, and their sealed tokens."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, or_, select, update

from adapters.store import installations_keys, installations_purge, tables
from adapters.store.convert import clean
from adapters.store.database import Database
from adapters.store.places import insert_once
from adapters.store.sealing import Vault
from bot.model.installation import Installation
from bot.model.subscription import Platform


class Installations:
    """See `bot.ports.Installations`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def save(self, installation: Installation, *, now: datetime) -> list[str]:
        """Remember it; the workspaces it covers. See the port."""
        row = self._row(installation) | {"installed_at": now, "renewing_until": None}
        return await self._database.write(lambda connection: _save(connection, row))

    async def find(
        self, platform: Platform, workspace: str, organisation: str = ""
    ) -> Installation | None:
        """The workspace's own, else that of its organisation; None: not installed there."""
        row = await self._database.read(
            lambda connection: _find(connection, platform, workspace, organisation)
        )
        return self._installation(row) if row else None

    async def belongs(self, platform: Platform, workspace: str, organisation: str) -> bool:
        """Remember that an organisation's installation covers a workspace; see the port."""
        row = {
            "platform": platform.value,
            "workspace": clean(workspace),
            "organisation": clean(organisation),
        }
        return await self._database.write(lambda connection: _belongs(connection, row))

    async def withdraw(
        self, platform: Platform, workspace: str, organisation: str, *, now: datetime
    ) -> bool:
        """An organisation's installation covers this workspace no longer; see the port."""
        members = tables.memberships
        mine = (
            (members.c.platform == platform.value)
            & (members.c.workspace == workspace)
            & (members.c.organisation == organisation)
        )

        def body(connection: Connection) -> bool:
            if not connection.execute(delete(members).where(mine)).rowcount:
                return False
            return _departed(connection, platform, [workspace], now) == [workspace]

        return await self._database.write(body)

    async def take_renewal(
        self, installation: Installation, *, now: datetime, hold: timedelta
    ) -> bool:
        """Let one caller renew these tokens; False while another one holds or has done it."""
        rows = tables.installations
        taken = (
            update(rows)
            .where(
                _is(installation),
                rows.c.generation == installation.generation,
                or_(rows.c.renewing_until.is_(None), rows.c.renewing_until <= now),
            )
            .values(renewing_until=now + hold)
        )
        return await self._database.write(lambda connection: connection.execute(taken).rowcount > 0)

    async def renewed(self, installation: Installation, *, now: datetime) -> bool:
        """Store the new tokens of a renewal taken; False if they were replaced meanwhile."""
        del now
        fresh = self._row(replace(installation, generation=installation.generation + 1))
        wanted = ("token", "refresh_token", "expires_at", "generation")
        values = {name: fresh[name] for name in wanted} | {"renewing_until": None}
        rows = tables.installations
        stored = (
            update(rows)
            .where(_is(installation), rows.c.generation == installation.generation)
            .values(**values)
        )
        return await self._database.write(
            lambda connection: connection.execute(stored).rowcount > 0
        )

    async def remove(self, platform: Platform, tenant: str, *, now: datetime) -> list[str]:
        """Delete the tokens at once and mark the tenant's data for deletion."""
        return await self._database.write(
            lambda connection: _remove(connection, platform, tenant, now)
        )

    async def purge(self, *, left_before: datetime) -> int:
        """Delete everything of workspaces that left before then and did not come back."""
        gone = 0
        while await self._database.write(
            lambda connection: installations_purge.purge_one(connection, left_before)
        ):
            gone += 1
        return gone

    async def count(self, platform: Platform) -> int:
        """How many there are."""
        rows = tables.installations.c
        query = select(func.count()).where(rows.platform == platform.value)
        return await self._database.read(lambda connection: connection.scalar(query) or 0)

    async def new_state(self, state: str, *, expires_at: datetime, now: datetime) -> None:
        """Remember the state of an installation that has begun."""
        states = tables.install_states
        row = {"state": _hashed(state), "expires_at": expires_at}

        def body(connection: Connection) -> None:
            connection.execute(delete(states).where(states.c.expires_at <= now))
            insert_once(connection, states, row)

        await self._database.write(body)

    async def use_state(self, state: str, *, now: datetime) -> bool:
        """Whether this state was given out and neither used nor expired; it is used up now."""
        states = tables.install_states
        # One statement: of two callbacks at once only one gets the row.
        used = delete(states).where(states.c.state == _hashed(state)).returning(states.c.expires_at)
        expires_at = await self._database.write(lambda connection: connection.scalar(used))
        return expires_at is not None and expires_at > now

    async def check_keys(self) -> None:
        """Raise ConfigError unless every sealed value opens with a key we have."""
        await self._database.write(
            lambda connection: installations_keys.check(connection, self._vault)
        )

    async def rotate_keys(self) -> int:
        """Seal everything anew with the first key; how many values were sealed otherwise."""
        return await installations_keys.rotate(self._database, self._vault)

    def _row(self, installation: Installation) -> dict[str, Any]:
        tenant = clean(installation.tenant)
        place = installations_keys.place
        return {
            "platform": installation.platform.value,
            "tenant": tenant,
            "workspace": clean(installation.workspace),
            "organisation": clean(installation.organisation),
            "name": clean(installation.name),
            "bot_user": clean(installation.bot_user),
            "scopes": ",".join(sorted(installation.scopes)),
            "token": self._vault.seal(installation.token, place("token", tenant)),
            "refresh_token": self._vault.seal(
                installation.refresh_token, place("refresh_token", tenant)
            ),
            "expires_at": installation.expires_at,
            "generation": installation.generation,
        }

    def _installation(self, row: RowMapping) -> Installation:
        place, tenant = installations_keys.place, row["tenant"]
        return Installation(
            platform=Platform(row["platform"]),
            workspace=row["workspace"],
            organisation=row["organisation"],
            name=row["name"],
            bot_user=row["bot_user"],
            scopes=frozenset(scope for scope in row["scopes"].split(",") if scope),
            token=self._vault.open(row["token"], place("token", tenant)),
            refresh_token=self._vault.open(row["refresh_token"], place("refresh_token", tenant)),
            expires_at=row["expires_at"],
            generation=row["generation"],
            installed_at=row["installed_at"],
        )


def _hashed(state: str) -> str:
    return hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()


def _is(installation: Installation) -> Any:
    rows = tables.installations.c
    return (rows.platform == installation.platform.value) & (rows.tenant == installation.tenant)


def _save(connection: Connection, row: dict[str, Any]) -> list[str]:
    rows = tables.installations
    mine = (rows.c.platform == row["platform"]) & (rows.c.tenant == row["tenant"])
    if not insert_once(connection, rows, row):
        changed = row | {"generation": rows.c.generation + 1}
        connection.execute(update(rows).where(mine).values(**changed))
    back = [row["workspace"]] if row["workspace"] else _workspaces_of(connection, row)
    _returned(connection, row["platform"], back)
    return back


def _returned(connection: Connection, platform: str, workspaces: list[str]) -> bool:
    """Forget that they left; whether any of them had."""
    departures = tables.departures
    theirs = (departures.c.platform == platform) & departures.c.workspace.in_(workspaces)
    return connection.execute(delete(departures).where(theirs)).rowcount > 0


def _workspaces_of(connection: Connection, row: dict[str, Any]) -> list[str]:
    members = tables.memberships.c
    query = select(members.workspace).where(
        members.platform == row["platform"], members.organisation == row["organisation"]
    )
    return list(connection.scalars(query))


def _find(
    connection: Connection, platform: Platform, workspace: str, organisation: str
) -> RowMapping | None:
    rows, members = tables.installations, tables.memberships.c
    if workspace and not organisation:
        known = select(members.organisation).where(
            members.platform == platform.value, members.workspace == workspace
        )
        organisation = connection.scalar(known) or ""
    tenants = [tenant for tenant in (workspace, organisation) if tenant]
    query = select(rows).where(rows.c.platform == platform.value, rows.c.tenant.in_(tenants))
    found = {row["tenant"]: row for row in connection.execute(query).mappings()}
    return next((found[tenant] for tenant in tenants if tenant in found), None)


def _belongs(connection: Connection, row: dict[str, str]) -> bool:
    members = tables.memberships
    if not insert_once(connection, members, row):
        connection.execute(
            update(members)
            .where(members.c.platform == row["platform"], members.c.workspace == row["workspace"])
            .values(organisation=row["organisation"])
        )
    return _returned(connection, row["platform"], [row["workspace"]])


def _remove(connection: Connection, platform: Platform, tenant: str, now: datetime) -> list[str]:
    rows = tables.installations
    mine = (rows.c.platform == platform.value) & (rows.c.tenant == tenant)
    gone = connection.execute(
        delete(rows).where(mine).returning(rows.c.workspace, rows.c.organisation)
    ).first()
    if gone is None:
        return []
    row = {"platform": platform.value, "organisation": gone.organisation}
    workspaces = [gone.workspace] if gone.workspace else _workspaces_of(connection, row)
    return _departed(connection, platform, workspaces, now)


def _departed(
    connection: Connection, platform: Platform, workspaces: list[str], now: datetime
) -> list[str]:
    """Mark those for deletion that no installation covers any more; they."""
    left = [one for one in workspaces if _find(connection, platform, one, "") is None]
    for workspace in left:
        departure = {"platform": platform.value, "workspace": workspace, "left_at": now}
        insert_once(connection, tables.departures, departure)
    return left
