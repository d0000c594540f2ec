"""The papers of the pictures."""

from dataclasses import replace
from datetime import date

from bot.model.paper import BlurbOrigin, Metrics, Paper

FILTER = 'alignment OR "reward model" OR oversight'


def _paper(
    number: int,
    title: str,
    authors: str,
    said: str,
    *,
    categories: tuple[str, ...],
    upvotes: int,
    organization: str = "",
) -> Paper:
    name = f"2611.{number:05}"
    return Paper(
        key=f"arxiv:{name}",
        title=title,
        url=f"https://arxiv.org/abs/{name}",
        abstract=said,
        authors=tuple(authors.split(", ")),
        categories=categories,
        ids=(f"arxiv:{name}",),
        version=1,
        published_on=date(2026, 11, 20),
        organization=organization,
        metrics=Metrics(upvotes=upvotes, comments=upvotes // 12),
    )


PAPERS = (
    replace(
        _paper(
            421,
            "Reward models that know when they do not know",
            "Ada Byron, Mary Somerville, Charles Babbage, Joan Clarke, Alan Turing",
            "We let reward models abstain.",
            categories=("cs.CL", "cs.LG"),
            upvotes=42,
            organization="Analytical Lab",
        ),
        blurb="A reward model learns to abstain, and the policy trained against it stops "
        "exploiting its blind spots.",
        blurb_origin=BlurbOrigin.MACHINE,
        code_url="https://github.com/example/abstain",
    ),
    _paper(
        867,
        "Scalable oversight with debating judges",
        "Emmy Noether, David Hilbert",
        "Two models argue, a third decides; weak judges reach the accuracy of strong ones on nine "
        "of twelve tasks.",
        categories=("cs.AI",),
        upvotes=17,
    ),
    _paper(
        1034,
        "On the alignment of small language models: a study of 48 fine-tuning recipes",
        "Sofia Kovalevskaya, Karl Weierstraß, Carl Runge, Richard Courant",
        "We compare 48 recipes for aligning models below 3B parameters. Most of the gain comes "
        "from data order.",
        categories=("cs.CL",),
        upvotes=8,
        organization="Stockholm University",
    ),
    _paper(
        12,
        "A week of alignment",
        "Ada Byron",
        "What a week of alignment brings.",
        categories=("cs.AI",),
        upvotes=3,
    ),
)
