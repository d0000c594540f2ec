"""What the pictures of the guide show: messages as the bot makes them."""

from bot.model.form import Choice, Field, Form, Kind
from bot.model.message import Action, Card, Digest, Link, Listing, Message, Notice, Tone

SUBSCRIPTION = 'alignment | "reward model" | oversight'


def _card(
    number: int,
    title: str,
    byline: str,
    summary: str,
    *,
    facts: tuple[str, ...],
    why: tuple[str, ...],
) -> Card:
    key = f"arxiv:2611.{number:05}"
    return Card(
        paper=key,
        title=title,
        url=f"https://arxiv.org/abs/2611.{number:05}",
        byline=byline,
        summary=summary,
        actions=(Action("Relevant", f"like {key}"), Action("Not for us", f"dislike {key}")),
        more=(
            Action("Why?", f"why {key}"),
            Action("Similar papers", f"similar {key}"),
            Action("BibTeX", f"bib {key}"),
            Action("Save", f"save {key}"),
            Action("Mute a word…", "mute"),
        ),
        links=(Link("code", "https://github.com/example/abstain"),) if number == 421 else (),
        facts=facts,
        why=why,
    )


CARDS = (
    _card(
        421,
        "Reward models that know when they do not know",
        "Ada Byron, Mary Somerville, Charles Babbage and 4 more · Analytical Lab",
        "A reward model learns to abstain, and the policy trained against it stops exploiting its "
        "blind spots.",
        facts=("cs.CL cs.LG", "42 upvotes", "3 comments", "2026-11-20"),
        why=("matched “reward model” in the title",),
    ),
    _card(
        867,
        "Scalable oversight with debating judges",
        "Emmy Noether, David Hilbert",
        "Two models argue, a third decides; weak judges reach the accuracy of strong ones on nine "
        "of twelve tasks.",
        facts=("cs.AI", "17 upvotes", "2026-11-20"),
        why=("matched “oversight” in the title", "also in “safety”"),
    ),
    _card(
        1034,
        "On the alignment of small language models: a study of 48 fine-tuning recipes",
        "Sofia Kovalevskaya, Karl Weierstraß and 11 more · Stockholm University",
        "We compare 48 recipes for aligning models below 3B parameters. Most of the gain comes "
        "from data order.",
        facts=("cs.CL", "8 upvotes", "2026-11-19"),
        why=("matched “alignment” in the title and abstract",),
    ),
)

DIGEST = Digest(
    heading="alignment: 8 new papers, Monday 23 November 2026",
    cards=CARDS,
    omitted=5,
    name="alignment",
    footer=f"Subscription “alignment”: {SUBSCRIPTION} · stop it with /papers-admin unsubscribe",
    actions=(Action("Show the rest", "rest alignment 2026-11-23"),),
)
MORE: Message = Listing(
    heading="arxiv:2611.00867",
    cards=(CARDS[1],),
    total=1,
    actions=(Action("Stop “alignment”", "unsubscribe alignment"),),
)
SUBSCRIBED = Notice(
    heading="Subscribed: alignment",
    lines=(
        f"Filter: {SUBSCRIPTION}",
        "About 3 papers a day, judging by the last 14 days.",
        "First digest: Tuesday 24 November 2026 at 09:00 (Europe/Berlin).",
    ),
    tone=Tone.DONE,
    actions=(Action("Preview", "preview alignment 14d"), Action("Edit", "edit alignment")),
)
MISTAKE = Notice(
    heading="This filter does not parse",
    lines=("There is no field “autor:”. Did you mean “author:”?", "Nothing was saved."),
    code="rings autor:Noether\n      ^",
    tone=Tone.ERROR,
)
FORM = Form(
    command="subscribe",
    title="Subscribe this channel",
    submit="Subscribe",
    fields=(
        Field(
            name="filter", label="Filter", kind=Kind.TEXT, value=SUBSCRIPTION, required=True,
            hint="Words, “phrases”, OR, -exclude, author: cat: upvotes:>=20",
        ),
        Field(
            name="every", label="How often", kind=Kind.CHOICE, value="daily",
            choices=(Choice("daily", "Daily"), Choice("weekly", "Weekly")),
        ),
        Field(name="at", label="Time of day", value="09:00"),
        Field(name="tz", label="Time zone", value="Europe/Berlin"),
    ),
)  # fmt: skip
