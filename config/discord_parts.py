"""Settings → Discord's parts. Imported only where Discord is on: its library is large."""

from contextlib import AbstractAsyncContextManager

from adapters.discord.client import point_library_at
from adapters.discord.listen import ByGateway, DiscordListener
from adapters.discord.messenger import everywhere
from adapters.discord.pace import InvalidRequests
from adapters.discord.places import PlacesMessenger
from adapters.discord.post import bot_session
from adapters.discord.reception import Reception
from adapters.discord.rollcall import RollCall
from bot.commands.completing import Completion
from bot.commands.desk import Desk
from bot.commands.lifecycle import Lifecycle
from bot.model.subscription import Channel
from bot.ports import Clock, Meter, Store
from config.holding import LoginBudget
from config.settings import Settings


def messenger(
    settings: Settings, store: Store, clock: Clock, meter: Meter
) -> AbstractAsyncContextManager[PlacesMessenger]:
    """Posts as the bot, by plain webhooks, or both."""

    async def publishes(channel: Channel) -> bool:
        return (await store.policy.settings(channel)).publish

    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    return everywhere(
        token,
        api_url=settings.discord_api_url,
        webhooks=settings.webhooks(),
        publishes=publishes,
        invalid=InvalidRequests(store.limits, clock, meter),
    )


async def call_the_roll(settings: Settings, store: Store, clock: Clock, meter: Meter) -> None:
    """Ask now and then which servers and channels are still there; until cancelled."""
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    async with bot_session(token) as session:
        await RollCall(
            Lifecycle(store, clock),
            session,
            api_url=settings.discord_api_url,
            invalid=InvalidRequests(store.limits, clock, meter),
        ).run()


def listener(
    settings: Settings, desk: Desk, store: Store, clock: Clock, meter: Meter
) -> DiscordListener | None:
    """Hears what people do; None without a token."""
    if settings.discord_token is None:
        return None

    async def told(channel: Channel, is_public: bool) -> None:  # noqa: FBT001 - one answer
        await store.policy.set_public(channel, is_public=is_public)

    point_library_at(api_url=settings.discord_api_url, gateway_url=settings.discord_gateway_url)
    return DiscordListener(
        Reception(desk, Completion(store, clock), told=told),
        token=settings.discord_token.get_secret_value(),
        clock=clock,
        public_key=settings.discord_public_key or "",
        gateway=ByGateway(
            before_login=LoginBudget(store.leases, clock, meter=meter).spend,
            lives=Lifecycle(store, clock),
            shards=settings.discord_shards,
        ),
        invalid=InvalidRequests(store.limits, clock, meter),
    )
