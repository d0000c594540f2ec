"""The topic filter as a tree: what a subscription listens for.

Every text in these nodes is folded already (see `bot.rules.fold`), so that the evaluator, the
match index and the search index compare the same tokens. `shown` is what a person typed, tidied;
it takes no part in equality.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.model.paper import Event

Tokens = tuple[str, ...]


class Scope(StrEnum):
    """Which text of a paper a word is looked up in."""

    ANY = "any"  # title or abstract
    TITLE = "title"
    ABSTRACT = "abs"


class Metric(StrEnum):
    """Counters a filter can compare."""

    UPVOTES = "upvotes"
    COMMENTS = "comments"
    STARS = "stars"


@dataclass(frozen=True, slots=True)
class Text:
    """A word (one token) or phrase (several, in order) in title or abstract.

    prefix: the last token stands for every token that starts with it.
    near: how many other tokens may stand between the tokens of the phrase, in order.
    exact: no plural, spelling or synonym folding (`=word`); tokens are then unstemmed.
    """

    tokens: Tokens
    scope: Scope = Scope.ANY
    prefix: bool = False
    near: int = 0
    exact: bool = False
    shown: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Author:
    """Tokens in order within one author's name."""

    tokens: Tokens
    prefix: bool = False
    shown: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Organization:
    """Tokens in order within the organisation's name."""

    tokens: Tokens
    prefix: bool = False
    shown: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Category:
    """An arXiv category in lower case; `archive` stands for all of it (`cs.*`)."""

    code: str
    archive: bool = False


@dataclass(frozen=True, slots=True)
class FromSource:
    """The paper was seen in this source."""

    name: str


@dataclass(frozen=True, slots=True)
class Count:
    """A counter within a closed range; None leaves that end open. Unknown counts as 0."""

    metric: Metric
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class HasCode:
    """Whether a link to code is known."""

    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Version:
    """The event that brought the paper is this one (`version:replace`)."""

    event: Event


@dataclass(frozen=True, slots=True)
class Since:
    """Announced on or after a date: `days` before today, or a fixed `on`."""

    days: int | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """The language of the abstract, as an ISO 639-1 code."""

    code: str


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved filter of the same channel, by name; replaced by its tree before matching."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """Everything the part does not match."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All parts match; at least two."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part matches; at least two."""

    parts: tuple["Node", ...]


Term = (
    Text
    | Author
    | Organization
    | Category
    | FromSource
    | Count
    | HasCode
    | Version
    | Since
    | Language
    | Saved
)
Node = And | Or | Not | Term


@dataclass(frozen=True, slots=True)
class TopicFilter:
    """A parsed filter: its tree, the text people see, and the key that equal filters share."""

    root: Node
    canonical: str
    key: str
