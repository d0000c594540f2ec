"""What the courier says about each attempt: one line in the log and one count."""

import logging

from bot.model import metrics
from bot.model.delivery import ChannelGone, NotSent, Posted, Receipt, WorkspaceGone
from bot.ports import Meter

log = logging.getLogger("bot.engine.deliver")


def tell(receipt: Receipt, meter: Meter, *, kept: bool) -> None:
    """Say what became of a delivery. kept: the receipt was written; else the lease was lost."""
    delivery, outcome = receipt.delivery, receipt.outcome
    name = type(outcome).__name__
    fields = {
        "delivery": delivery.id,
        "platform": delivery.channel.platform.value,
        "kind": delivery.kind.value,
        "attempt": delivery.attempt,
        "outcome": name,
        "reason": getattr(outcome, "reason", ""),
    }
    meter.count(
        metrics.DELIVERIES,
        platform=delivery.channel.platform.value,
        kind=delivery.kind.value,
        outcome=name,
    )
    if not kept:
        meter.count(metrics.LEASES_LOST, kind="lane")
        log.warning("lease lost before the receipt was written", extra=fields)
        return
    match outcome:
        case Posted():
            log.info("delivered", extra=fields)
        case ChannelGone():
            log.error("channel paused", extra=fields)
        case WorkspaceGone():
            log.error("workspace paused", extra=fields)
        case NotSent(limited=True, wait=wait):
            if wait:
                platform = delivery.channel.platform.value
                meter.observe(metrics.RATELIMIT_WAIT, wait.total_seconds(), platform=platform)
            log.info("told to wait", extra=fields)
        case _:
            log.warning("not delivered", extra=fields)
