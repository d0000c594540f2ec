"""How to use the bot: one text per verb, each with examples that work as they stand."""

from bot.model.message import Notice

OVERVIEW = (
    "/papers alignment: papers on a topic, at once",
    "/papers 2403.09472: one paper, by arXiv id or address",
    "/papers subscribe alignment -survey every:daily at:09:00: a digest in this channel",
    "/papers preview alignment -survey 14d: what that would have brought",
    "/papers list, unsubscribe NAME, pause [NAME] [3d], resume [NAME]",
    "/papers why PAPER: why it came here, or why it did not",
    "/papers digest [today|week] [NAME], status, help [verb]",
)

FILTERS = (
    "Words must all occur (title or abstract); “quotes” keep a phrase together; OR (or |) "
    "gives a choice; -word leaves out; word* is a beginning; ( ) group.",
    "Fields: title: abs: author: org: cat: source: upvotes:>=20 comments: stars: code:yes "
    "version:replace since:7d lang:en",
)

_VERBS: dict[str, tuple[str, ...]] = {
    "search": (
        "search FILTER: papers that match, best first; page:2 shows more.",
        'Example: /papers search "reward model" -survey cat:cs.CL',
        *FILTERS,
    ),
    "subscribe": (
        "subscribe FILTER [every:… at:… tz:… top:… name:… mode:…]",
        "every: instant, hourly, daily, weekdays or weekly (on:mon). Without it: daily at 09:00.",
        "tz: an IANA zone such as Europe/Berlin. top: how many papers a digest shows (10). "
        "mode: compact, standard or full.",
        'Example: /papers subscribe (alignment OR "reward model") -survey every:weekdays at:08:30',
        *FILTERS,
    ),
    "unsubscribe": ("unsubscribe NAME: stop it, by name or by its number in `list`.",),
    "list": ("list: this channel's subscriptions, with their next digests.",),
    "preview": (
        "preview FILTER [14d]: what the filter would have brought in the last days.",
        "Example: /papers preview diffusion -video 30d",
    ),
    "why": (
        "why PAPER: what each subscription of this channel made of a paper, step by step.",
        "Example: /papers why 2403.09472",
    ),
    "digest": ("digest [today|week] [NAME]: the digest now, for you alone.",),
    "pause": ("pause [NAME] [3d]: silence one subscription or all, for days or until resumed.",),
    "resume": ("resume [NAME]: let it speak again.",),
    "status": ("status: how sources, subscriptions and deliveries are doing.",),
    "help": ("help [VERB]: this.",),
}


def help_message(verb: str = "") -> Notice:
    """Help on one verb, or on everything."""
    lines = _VERBS.get(verb)
    if lines is None:
        return Notice(heading="What you can ask", lines=(*OVERVIEW, *FILTERS))
    return Notice(heading=f"Help: {verb}", lines=lines)
