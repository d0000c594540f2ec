"""Messages to render: ordinary ones, and titles written to do harm."""

from bot.model.message import Action, Digest, Link, Listing, Notice, Tone
from tests.builders import a_card as built

HOSTILE_TITLES = {
    "everyone": "@everyone free GPUs, @here too",
    "mentions": "</cmd:1> @here <@&1> <#1> <t:1:R> <@!2> <:boom:3> <a:boom:4> <id:customize>",
    "link": "[x](javascript:alert(1)) and <https://evil.example|arXiv> [arXiv](https://evil.example)",
    "bare links": "see https://evil.example/now, discord.gg/raid and http://x.example",
    "right to left": "On \u202egnir\u202c \u2067s\u2069 and \u200fmarks\u200e",
    "markup": "*bold* _it_ ~~no~~ `code` ```fence``` ||spoiler|| **x** __y__",
    "heading": "# H",
    "quote": "> q",
    "small print": "-# tiny",
    "list": "1. first",
    "long": "x" * 40_000,
    "long words": "alignment of rings " * 2_000,
    "empty": "",
    "blank": " \u200b\u202e ",
    "combining": "e" + "\u0301" * 500,
    "emoji": "👩‍👩‍👧‍👦" * 200,
    "backslashes": "\\" * 500,
    "angles": "<" * 500,
    "double escape": "\\[x](https://evil.example) \\@everyone \\<@1>",
    "full width": "＠everyone ＜@1＞",
}


def a_card(number=1, **changes):
    fields = {
        "paper": f"arxiv:2403.{number:05}",
        "title": f"Ideals of rings that commute, part {number}",
        "url": f"https://arxiv.org/abs/2403.{number:05}",
        "byline": "Emmy Noether, David Hilbert, Felix Klein and 2 more · Göttingen",
        "summary": "Every chain of ideals ends. We show why, and what follows for rings of numbers.",
        "facts": ("math.RA math.NT", "42 upvotes", "3 comments", "2024-03-14"),
        "why": ("matched “ideals” in the title", "matched “chain” in the abstract"),
        "links": (Link("code", f"https://github.com/noether/ideals-{number}"),),
        "actions": (Action("Why?", f"why arxiv:2403.{number:05}"),),
    }
    return built(**(fields | changes))


def a_digest(count=3, **changes):
    fields = {
        "heading": f"ideals: {count} new papers, Monday 23 November 2026",
        "cards": tuple(a_card(number) for number in range(1, count + 1)),
        "footer": "Subscription “ideals”: ideals cat:math.RA · stop it with "
        "/papers-admin unsubscribe ideals",
    }
    return Digest(**(fields | changes))


MESSAGES = {
    "digest": a_digest(),
    "digest_of_ten": a_digest(
        10, omitted=12, note="37 papers came while I was away; these are the best."
    ),
    "digest_of_long_cards": a_digest(
        4,
        cards=tuple(
            a_card(number, summary="Every chain of ideals ends. " * 80) for number in range(1, 5)
        ),
    ),
    "single_card": Listing(heading="arXiv 2403.00001", cards=(a_card(machine_written=True),)),
    "search": Listing(
        heading="28 papers match ideals",
        cards=(a_card(1), a_card(2)),
        total=28,
        note="Newest paper in the index: 22 November 2026.",
        footer="More with page:2",
        actions=(Action("More", "search ideals page:2"),),
    ),
    "nothing_found": Listing(
        heading="No paper matches ideals cat:q-bio.NC",
        cards=(),
        note="Without cat: it would be 28.",
        footer="Newest paper in the index: 22 November 2026.",
        actions=(Action("Search without cat:", "search ideals"),),
    ),
    "done": Notice(
        heading="Subscribed: ideals",
        lines=(
            "Filter: ideals cat:math.RA -survey",
            "About 3 papers a day, judging by the last 14 days.",
            "First digest: Tuesday 24 November 2026 at 09:00 (Europe/Berlin).",
        ),
        tone=Tone.DONE,
        actions=(Action("Preview", "preview ideals cat:math.RA"),),
    ),
    "wrong_filter": Notice(
        heading="This filter does not parse",
        lines=("There is no field “catt:”. Did you mean “cat:”?", "Nothing was saved."),
        code="ideals catt:math.RA\n       ^",
        tone=Tone.ERROR,
    ),
    "hostile": Listing(
        heading="@everyone [x](https://evil.example)",
        cards=tuple(
            a_card(number, title=title, summary=title, byline=title, facts=(title,), why=(title,))
            for number, title in enumerate(
                (HOSTILE_TITLES[name] for name in ("everyone", "mentions", "link", "bare links")), 1
            )
        ),
        note="<@1> discord.gg/raid",
        footer="@here <#1>",
    ),
}
