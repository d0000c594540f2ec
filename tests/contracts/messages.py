"""One message of every kind, for golden renderings side by side on every platform."""

from bot.model.message import Action, Digest, Link, Listing, Message, Notice, Tone
from tests.builders import a_card

RTL, ZERO_WIDTH = "\u202e", "\u200b"

ORDINARY = a_card(
    paper="arxiv:2611.01234",
    title="Aligning small models with the patience of large ones",
    url="https://arxiv.org/abs/2611.01234",
    byline="Ada Byron, Mary Somerville, Charles Babbage and 2 more · Analytical Engine Lab",
    summary="A small model learns when to wait for a large one, and gets nearly as good.",
    machine_written=True,
    facts=("cs.CL cs.LG", "42 upvotes", "3 comments"),
    why=("matched “align” in the title",),
    links=(Link("code", "https://github.com/example/patience"),),
    actions=(Action("Why?", "why arxiv:2611.01234"),),
)
BARE = a_card(paper="arxiv:2611.00002", title="On rings", url="https://arxiv.org/abs/2611.00002")
HOSTILE = a_card(
    paper="arxiv:2611.66666",
    title=f"<!channel> *free* _GPU_ `x` ~y~ @everyone [click](javascript:alert(1)) {RTL}evil",
    url="javascript:alert(document.cookie)",
    byline=f"<@U12345678>, {ZERO_WIDTH}Eve & Mallory <eve@example.org>",
    summary="<https://evil.example|arXiv> ||spoiler|| # heading\n> quote",
    facts=("</cmd:1>", "<t:1:R>"),
    why=("matched “<!here>”",),
    links=(
        Link("data", "data:text/html,x"),
        Link("user", "https://arxiv.org@evil.example/"),
        Link("umlaut", "https://bücher.example/a b?q=<x>|y"),
    ),
    actions=(Action("<!channel>", "why arxiv:2611.66666"),),
)

MESSAGES: dict[str, Message] = {
    "digest": Digest(
        heading="alignment: 3 new papers, Monday 23 November 2026",
        cards=(ORDINARY, BARE),
        omitted=1,
        note="This digest is late: I was away or could not post here when it was due.",
        footer="Subscription “alignment”: alignment · stop it with /papers unsubscribe alignment",
    ),
    "digest-of-one": Digest(heading="rings: 1 new paper", cards=(ORDINARY,), footer="rings"),
    "digest-empty": Digest(
        heading="rings: 0 new papers", cards=(), note="No paper matched since yesterday."
    ),
    "digest-hostile": Digest(
        heading="<!channel>: 2 new papers", cards=(HOSTILE, BARE), note="*bold*", footer="@here"
    ),
    "digest-of-ten": Digest(
        heading="patience: 10 new papers",
        cards=tuple(
            ORDINARY.saying(
                paper=f"arxiv:2611.{number:05}",
                title=f"Patience, part {number}",
                url=f"https://arxiv.org/abs/2611.{number:05}",
                actions=(Action("Why?", f"why arxiv:2611.{number:05}"),),
            )
            for number in range(1, 11)
        ),
        omitted=27,
        note="37 papers came while I was away; these are the best.",
        footer="Subscription “patience”: patience · stop it with /papers unsubscribe patience",
    ),
    "digest-of-long-cards": Digest(
        heading="patience: 4 new papers",
        cards=(ORDINARY.saying(summary="A small model learns when to wait. " * 80),) * 4,
    ),
    "listing": Listing(
        heading="12 papers about “patience”",
        cards=(ORDINARY, BARE),
        total=12,
        note="Newest first.",
        footer="page 1 of 6",
        actions=(Action("Next page", "search patience page:2"),),
    ),
    "listing-empty": Listing(
        heading="No paper about “patiense”",
        cards=(),
        note="Without cat: it would be 28. The newest paper here is from 2026-11-20.",
        actions=(Action("Search without cat:", "search patiense"),),
    ),
    "notice-done": Notice(
        heading="Subscribed to “alignment”.",
        lines=("Filter: align*", "About 3 papers a day; next digest tomorrow at 09:00."),
        tone=Tone.DONE,
        actions=(
            Action("Preview", "preview align* 14d"),
            Action("Undo", "unsubscribe alignment"),
        ),
    ),
    "notice-error": Notice(
        heading="This filter does not parse.",
        lines=("Something is missing after OR.",),
        code="alignment OR\n            ^",
        tone=Tone.ERROR,
    ),
    "notice-with-card": Notice(
        heading="Why “On rings” came here", lines=("seen ✓", "matched ✓"), cards=(BARE,)
    ),
}
