"""When the world's time zones change their rules: due times are worked out anew."""

import logging
from datetime import datetime

from bot.model.errors import BadOption
from bot.model.subscription import Subscription
from bot.ports import Store
from bot.rules.schedule import moved, zone_of

log = logging.getLogger(__name__)

NOTED = "tzdata"
BATCH = 1_000


async def rezone(store: Store, version: str) -> int:
    """Move due times to the rules of `version` if they were worked out by older ones; how many.

    version: of the tzdata package, such as 2026.1. Of several processes with different versions
    the newest decides, so that a rolling restart does not move them to and fro.
    """
    noted = await store.upkeep.remembered(NOTED)
    if noted and _ordered(version) <= _ordered(noted):
        return 0
    changes = dict(filter(None, map(_change, await store.subscriptions.of())))
    numbers = sorted(changes)
    changed = 0
    for start in range(0, len(numbers), BATCH):
        some = {number: changes[number] for number in numbers[start : start + BATCH]}
        changed += await store.subscriptions.move(some)
    await store.upkeep.remember(NOTED, version)
    if changed:
        log.warning(
            "time zones have new rules",
            extra={"tzdata": version, "before": noted, "moved": changed},
        )
    return changed


def _change(one: Subscription) -> tuple[int, tuple[datetime, datetime]] | None:
    if one.next_due_at is None:
        return None
    try:
        right = moved(one.cadence, zone_of(one.zone), one.next_due_at)
    except BadOption:
        return None  # the zone is gone; when it is due the error is logged
    return None if right == one.next_due_at else (one.id, (one.next_due_at, right))


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
