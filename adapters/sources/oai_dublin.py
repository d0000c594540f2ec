"""Dublin Core records of arXiv: the poorest of its forms, still found in archives."""

from xml.etree.ElementTree import Element

from adapters.sources.arxiv_text import categories_of, dois_of, is_withdrawn
from adapters.sources.records import LONGEST_ABSTRACT, day_of, line, names_of, title_of
from adapters.sources.xml_tree import text_of, texts_of
from bot.model.paper import Paper, Status
from bot.rules.identity import ArxivId, page_of

_COMMENT = "Comment:"


def dublin_core_paper(body: Element, found: ArxivId, sets: list[str]) -> Paper:
    """A paper out of dc elements. sets: the record's OAI sets, which know its categories."""
    descriptions = texts_of(body, "description")
    comments = [text for text in descriptions if text.lstrip().startswith(_COMMENT)]
    abstracts = [text for text in descriptions if text not in comments]
    comment = line("".join(comments[:1]).strip().removeprefix(_COMMENT))
    abstract = line("".join(abstracts[:1]), LONGEST_ABSTRACT)
    days = sorted(day for text in texts_of(body, "date") if (day := day_of(text)))
    identifiers = texts_of(body, "identifier")
    others = [one for one in identifiers if not one.startswith(("http", "doi:"))]
    return Paper(
        key=found.key,
        url=page_of(found.key),
        ids=(found.key, *dois_of(" ".join(one for one in identifiers if one.startswith("doi:")))),
        title=title_of(text_of(body, "title")),
        abstract=abstract,
        authors=names_of(_turned(name) for name in texts_of(body, "creator")),
        categories=categories_of(_category(spec.strip()) for spec in sets),
        published_on=days[0] if days else None,
        updated_on=days[-1] if len(days) > 1 else None,
        comment=comment,
        journal_ref=line("".join(others[:1])),
        status=Status.WITHDRAWN if is_withdrawn(comment, abstract) else Status.ACTIVE,
    )


def _turned(name: str) -> str:
    """`Coja-Oghlan, Amin` as people write it: Amin Coja-Oghlan."""
    last, comma, first = name.partition(",")
    first, _, suffix = first.partition(",")
    return (
        " ".join(part.strip() for part in (first, last, suffix) if part.strip()) if comma else name
    )


def _category(spec: str) -> str:
    """`physics:hep-th` is hep-th, `cs:cs:CL` is cs.CL; a bare group is no category."""
    parts = spec.split(":")
    if len(parts) == 3:
        return f"{parts[1]}.{parts[2]}"
    return parts[1] if len(parts) == 2 else ""
