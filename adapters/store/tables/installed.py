"""Tables of the workspaces that installed the app."""

from datetime import datetime

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from adapters.store.tables.base import table_of


class InstallationRow(SQLModel, table=True):
    """The app in one workspace or organisation. token, refresh_token: sealed.

    renewing_until: while one process fetches new tokens, no other may.
    """

    __tablename__ = "installations"
    platform: str = Field(sa_type=Text, primary_key=True)
    tenant: str = Field(sa_type=Text, primary_key=True)
    workspace: str = Field(sa_type=Text)
    organisation: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    bot_user: str = Field(sa_type=Text)
    scopes: str = Field(sa_type=Text)
    token: str = Field(sa_type=Text)
    refresh_token: str = Field(sa_type=Text)
    expires_at: datetime | None
    generation: int = Field(sa_type=BigInteger)
    renewing_until: datetime | None
    installed_at: datetime


class MembershipRow(SQLModel, table=True):
    """A workspace seen as part of an organisation that installed the app as a whole."""

    __tablename__ = "memberships"
    platform: str = Field(sa_type=Text, primary_key=True)
    workspace: str = Field(sa_type=Text, primary_key=True)
    organisation: str = Field(sa_type=Text, index=True)


class DepartureRow(SQLModel, table=True):
    """A workspace that removed the app; its data are deleted unless it comes back."""

    __tablename__ = "departures"
    platform: str = Field(sa_type=Text, primary_key=True)
    workspace: str = Field(sa_type=Text, primary_key=True)
    left_at: datetime = Field(index=True)


class InstallStateRow(SQLModel, table=True):
    """An installation that has begun and not ended. state: hashed."""

    __tablename__ = "install_states"
    state: str = Field(sa_type=Text, primary_key=True)
    expires_at: datetime


installations = table_of(InstallationRow)
memberships = table_of(MembershipRow)
departures = table_of(DepartureRow)
install_states = table_of(InstallStateRow)
