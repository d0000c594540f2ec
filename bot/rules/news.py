"""What happens to a paper after it was posted, as far as its card should say so.

Counters are not among it: a card is never written anew for an upvote.
"""

from bot.model.paper import Event, Paper, Status

WITHDRAWN = frozenset({Status.WITHDRAWN, Status.RETRACTED})


def news_of(before: Paper, after: Paper) -> tuple[str, ...]:
    """What is new about a stored paper, in the words its card will use."""
    found = []
    if after.status is not before.status:
        found.append("stands again" if after.status is Status.ACTIVE else str(after.status))
    if (after.version or 0) > (before.version or after.version or 0):
        found.append(f"version {after.version}")
    if Event.LISTED in after.events - before.events:
        found.append("listed by readers")
    if after.code_url and not before.code_url:
        found.append("code")
    return tuple(found)
