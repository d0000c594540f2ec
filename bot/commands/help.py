"""How to use the bot: one text per verb, each with examples that work as they stand."""

from bot.commands import help_discord
from bot.model.message import Action, Notice
from bot.model.subscription import Platform

COMMAND = "/papers "

OVERVIEW = (
    "/papers alignment: papers on a topic, at once",
    "/papers 2403.09472: one paper, by arXiv id or address",
    "/papers subscribe alignment -survey every:daily at:09:00: a digest in this channel",
    "/papers preview alignment -survey 14d: what that would have brought",
    "/papers list, edit NAME, unsubscribe NAME, pause [NAME] [3d], resume [NAME], settings",
    "/papers why PAPER: why it came here, or why it did not",
    "/papers digest [today|week] [NAME], similar PAPER, trend [TERM] [30d], bib [today|week|saved]",
    "For yourself: follow, mute, save, saved, like, dislike, undo, forget-me",
    "/papers status, log, export, help [verb]",
)

FILTERS = (
    "Words must all occur (title or abstract); “quotes” keep a phrase together; OR (or |) "
    "gives a choice; -word leaves out; word* is a beginning; ( ) group.",
    "Fields: title: abs: author: org: cat: source: upvotes:>=20 comments: stars: code:yes "
    "version:replace since:7d lang:en",
)

_ORDER = (
    "every: instant, hourly, daily, weekdays or weekly (on:mon). Without it: daily at 09:00.",
    "tz: an IANA zone such as Europe/Berlin. top: how many papers a digest shows (10). "
    "mode: compact, standard or full.",
    "layout: digest, thread (details in the thread), posts (one for each paper) or forum. "
    "empty: silent, note (say so if a source was late) or always.",
)

_VERBS: dict[str, tuple[str, ...]] = {
    "search": (
        "search FILTER: papers that match, best first; sort:new the newest first; page:2 more.",
        'Example: /papers search "reward model" -survey cat:cs.CL since:30d sort:new',
        *FILTERS,
    ),
    "subscribe": (
        "subscribe FILTER [every:… at:… tz:… top:… name:… mode:… layout:… empty:…]",
        *_ORDER,
        'Example: /papers subscribe (alignment OR "reward model") -survey every:weekdays at:08:30',
        *FILTERS,
    ),
    "edit": (
        "edit NAME [FILTER] [every:… at:… tz:… top:… name:… mode:… layout:… empty:…]: change what "
        "you give, keep the rest. Without anything more: a form.",
        "Example: /papers edit alignment at:08:30 top:5",
        "Example: /papers edit alignment alignment -survey",
        *_ORDER,
    ),
    "unsubscribe": (
        "unsubscribe NAME: stop it, by name or by its number in `list`.",
        "Example: /papers unsubscribe alignment",
    ),
    "list": (
        "list: this channel's subscriptions, with their next digests. list all: those of every "
        "channel you can see.",
        "Example: /papers list all",
    ),
    "preview": (
        "preview FILTER [14d]: what the filter would have brought in the last days.",
        "Example: /papers preview diffusion -video 30d",
    ),
    "why": (
        "why PAPER: what each subscription of this channel made of a paper, step by step.",
        "Example: /papers why 2403.09472",
    ),
    "digest": (
        "digest [today|week] [NAME] [share]: the digest now, for you alone, or for everybody.",
        "Example: /papers digest week alignment",
    ),
    "rest": (
        "rest NAME [DATE]: the papers the last digest (or that day's) counted but had no room for.",
        "Example: /papers rest alignment",
    ),
    "pause": (
        "pause [NAME] [3d | until Mon]: silence one subscription or all.",
        "Example: /papers pause alignment until Mon",
    ),
    "resume": ("resume [NAME]: let it speak again.", "Example: /papers resume alignment"),
    "settings": (
        "settings [tz:… mode:… layout:… empty:… manage:… managers:… tally:… threads:… publish:…]: "
        "this channel's settings, shown or changed.",
        "tz, mode, layout and empty are what new subscriptions start with. manage: anyone, admins "
        "or listed (admins and the managers: you name). tally, threads: on or off, as publish for Discord's announcement channels.",
        "threads:on says in a paper's thread when it gets a new version, code, a listing, or is "
        "withdrawn.",
        "Example: /papers settings tz:Europe/Berlin manage:admins threads:on",
    ),
    "undo": (
        "undo NUMBER: take a change of this channel back, by its number in `log`. undo: take back "
        "your last vote here. undo PAPER: your vote on it.",
        "Example: /papers undo 12",
    ),
    "log": (
        "log: what was changed and posted here, newest first, with numbers for `undo`.",
        "Example: /papers log",
    ),
    "export": (
        "export: this channel's subscriptions and settings as text, to keep or to change.",
        "Example: /papers export",
    ),
    "import": (
        "import: make this channel what such a text says; it shows first what would change.",
        "Example: /papers import",
    ),
    "share": (
        "share LINE: the answer to a search, digest, preview, why, similar, trend, status or list, "
        "or a paper, for the whole channel, once.",
        "Example: /papers share search alignment since:7d",
    ),
    "like": (
        "like PAPER: relevant to this channel; papers like it come higher. One vote each.",
        "Example: /papers like 2403.09472",
    ),
    "dislike": (
        "dislike PAPER: not for us; papers like it come lower. `undo` takes it back.",
        "Example: /papers dislike 2403.09472",
    ),
    "similar": (
        "similar PAPER: papers that share its telling words, authors or category.",
        "Example: /papers similar 2403.09472",
    ),
    "save": (
        "save PAPER: keep it in your own list; `saved` shows it, `unsave PAPER` takes it off.",
        "Example: /papers save 2403.09472",
    ),
    "unsave": (
        "unsave PAPER: take it off your list.",
        "Example: /papers unsave 2403.09472",
    ),
    "saved": ("saved: the papers you keep, the latest first.", "Example: /papers saved"),
    "bib": (
        "bib [today|week|saved|PAPER]: BibTeX of what this channel was shown, of what you saved, "
        "or of one paper.",
        "Example: /papers bib week",
    ),
    "trend": (
        "trend [FILTER] [30d]: how often papers match, week by week, and which words rise. "
        "Without a filter: among all papers of this channel's subscriptions.",
        "Example: /papers trend alignment 60d",
    ),
    "mute": (
        "mute FILTER [2w]: leave such papers out of your own digests. `unmute FILTER` ends it.",
        "Example: /papers mute survey 2w",
    ),
    "unmute": ("unmute FILTER: show such papers again.", "Example: /papers unmute survey"),
    "follow": (
        'follow author:"…" or follow org:…: their new papers come to you by direct message.',
        'Example: /papers follow author:"Jan Leike" every:weekly on:mon',
    ),
    "unfollow": (
        "unfollow NAME: follow no longer, by name or by its number in `follows`.",
        'Example: /papers unfollow author:"Jan Leike"',
    ),
    "follows": ("follows: whom you follow.", "Example: /papers follows"),
    "forget-me": (
        "forget-me: delete everything stored about you in this workspace: votes, saved papers, "
        "follows, muted words, queries, your name in logs.",
        "Example: /papers forget-me",
    ),
    "status": (
        "status: how sources, subscriptions and deliveries are doing.",
        "Example: /papers status",
    ),
    "help": ("help [VERB]: this.", "Example: /papers help subscribe"),
}


def help_message(verb: str = "", platform: Platform = Platform.SLACK) -> Notice:
    """Help on one verb, or on everything, in the form people type on this platform."""
    on_discord = platform is Platform.DISCORD
    lines = _VERBS.get(verb)
    if lines is None:
        overview = help_discord.OVERVIEW if on_discord else OVERVIEW
        return Notice(
            heading="What you can ask",
            lines=_typed((*overview, *FILTERS), platform),
            actions=(
                Action("Subscribe this channel", "subscribe"),
                Action("Subscriptions", "list"),
                Action("Status", "status"),
            ),
        )
    if on_discord:
        lines = _on_discord(verb, lines)
    return Notice(heading=f"Help: {verb}", lines=_typed(lines, platform))


def _typed(lines: tuple[str, ...], platform: Platform) -> tuple[str, ...]:
    """The lines as they are typed there: a terminal asks for what follows `/papers`."""
    if platform is not Platform.TERMINAL:
        return lines
    return tuple(line.replace(COMMAND, "") for line in lines)


def _on_discord(verb: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    """What a verb does, with what to type or press there instead of examples typed as a line."""
    told = tuple(line for line in lines if not line.startswith("Example: "))
    if verb in help_discord.BUTTONS:
        return (help_discord.BUTTON, *told)
    example = help_discord.EXAMPLES.get(verb)
    return (f"Type: {example}", *told) if example else told
