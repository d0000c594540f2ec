"""Topic filters: text → tree.

The grammar, loosest binding first:

    filter      = sequence { ("|" | "OR") sequence }
    sequence    = { ["AND"] excluded }
    excluded    = { "-" | "NOT" } term
    term        = "(" filter ")" | field ":" ( value | "(" filter ")" ) | word | phrase
    phrase      = ["="] '"' words ["*"] '"' ["~" number]
    word        = ["="] letters ["*"]

In the brackets of a field every word is a value of that field. Operators are upper case only.
"""

from dataclasses import dataclass, field

from bot.model.errors import BadFilter
from bot.model.topic import And, Node, Not, Or, Scope, TopicFilter
from bot.rules.canonical import canonical_filter, contradiction, is_anchored, key_of
from bot.rules.field_help import EXAMPLES, nearest_field, unknown_field
from bot.rules.fields import FIELDS, check_source, is_listed
from bot.rules.lexer import MOST_CHARACTERS, Kind, Lexeme, Unparsable, lexemes
from bot.rules.quick import quick
from bot.rules.words import text_term

MOST_TERMS = 64
MOST_DEPTH = 8
MOST_STORED = 100_000

_SCOPES = {"title": Scope.TITLE, "abs": Scope.ABSTRACT}
_NOTHING = "A filter needs at least one word to look for."
_EXAMPLE = 'For example: alignment "reward model" -survey cat:cs.CL'


def parse_filter(text: str) -> TopicFilter:
    """The topic filter that `text` says. Raises BadFilter with the column of what is wrong.

    Its canonical text can be parsed again and gives the same key.
    """
    try:
        return _checked(canonical_filter(parse_tree(text)), text)
    except Unparsable as problem:
        raise BadFilter(_clipped(text), problem.problem) from None


def parse_stored(canonical: str) -> TopicFilter:
    """A filter back from its canonical text, however long putting others into it has made it.

    Raises BadFilter if it is not canonical text of this program.
    """
    root = quick(canonical)
    if root is not None:
        return TopicFilter(root, canonical, key_of(canonical))
    try:
        found = lexemes(canonical, MOST_STORED)
        stored = _Parser(found, most_terms=MOST_STORED, most_depth=64, typed=False)
        return canonical_filter(stored.whole())
    except Unparsable as problem:
        raise BadFilter(_clipped(canonical), problem.problem) from None


def parse_kept(text: str) -> TopicFilter:
    """A filter from a file: as typed, or in canonical text, however long others have made it.

    So that what was put together with `filter:name`, or follow by follow, can be taken back from
    where it was written to. Raises BadFilter as `parse_filter` does.
    """
    try:
        return parse_filter(text)
    except BadFilter:
        try:
            found = lexemes(text, MOST_STORED)
            topic = canonical_filter(_Parser(found, most_terms=MOST_STORED, most_depth=64).whole())
        except Unparsable:
            topic = None
        if topic is None or topic.canonical != text or not _can_match(topic.root):
            raise
        return topic


def _can_match(root: Node) -> bool:
    return is_anchored(root) and not contradiction(root)


def stored_tree(canonical: str) -> Node:
    """The tree alone, for who reads a million of them. Raises BadFilter as `parse_stored` does."""
    return quick(canonical) or parse_stored(canonical).root


def parse_tree(text: str) -> Node:
    """The tree as typed, not yet in canonical form. Raises Unparsable."""
    found = lexemes(text)
    if len(found) == 1:
        typed = " ".join(text.split())
        problem = f"“{typed}” holds no letter or digit to search for." if typed else _NOTHING
        raise Unparsable(problem, 1, _EXAMPLE)
    return _Parser(found).whole()


def _checked(topic: TopicFilter, text: str) -> TopicFilter:
    """`topic`, if something can match and not everything does."""
    if not is_anchored(topic.root):
        excluding = next((one for one in lexemes(text) if one.kind is Kind.NOT), None)
        raise Unparsable(
            "A filter needs something to look for; this one (or one side of an “|”) only "
            "leaves things out.",
            excluding.column if excluding else 1,
            "Put a word before it, such as: alignment -survey",
        )
    both = contradiction(topic.root)
    if both:
        raise Unparsable(f"Nothing can match: {both}.", 1)
    if len(topic.canonical) > MOST_CHARACTERS:
        raise Unparsable(
            f"Written out, this filter has {len(topic.canonical):,} characters; "
            f"at most {MOST_CHARACTERS} are possible.",
            1,
            "Split it into several subscriptions.",
        )
    return topic


def _clipped(text: str) -> str:
    """The text for the message; what no terminal can show is left out."""
    clipped = text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + "…"
    return clipped.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


@dataclass(slots=True)
class _Parser:
    """Recursive descent; MOST_DEPTH bounds the recursion.

    within: the field whose brackets we are in, or empty. typed: whether a person has just written
    it, and can be told of what there is not.
    """

    lexemes: list[Lexeme]
    position: int = 0
    depth: int = 0
    terms: int = 0
    within: str = field(default="")
    most_terms: int = MOST_TERMS
    most_depth: int = MOST_DEPTH
    typed: bool = True

    @property
    def next(self) -> Lexeme:
        return self.lexemes[self.position]

    def take(self) -> Lexeme:
        lexeme = self.lexemes[self.position]
        self.position += 1
        return lexeme

    def whole(self) -> Node:
        root = self.filter()
        if self.next.kind is Kind.CLOSE:
            raise Unparsable("This bracket was never opened.", self.next.column)
        return root

    def filter(self) -> Node:
        parts = [self.sequence()]
        while self.next.kind is Kind.OR:
            self.take()
            parts.append(self.sequence())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def sequence(self) -> Node:
        parts = [self.excluded()]
        while self.next.kind not in {Kind.OR, Kind.CLOSE, Kind.END}:
            if self.next.kind is Kind.AND:
                self.take()
            parts.append(self.excluded())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def excluded(self) -> Node:
        signs = 0
        while self.next.kind is Kind.NOT:
            self.take()
            signs += 1
        term = self.term()
        return Not(term) if signs % 2 else term

    def term(self) -> Node:
        lexeme = self.next
        if lexeme.kind is Kind.OPEN:
            return self.brackets()
        if lexeme.kind is Kind.FIELD and not self.is_plain_word():
            return self.field()
        if lexeme.kind in {Kind.WORD, Kind.PHRASE, Kind.FIELD}:
            return self.leaf(self.within, self.take())
        raise self.missing()

    def missing(self) -> Unparsable:
        """What to say where a term should stand and none does."""
        before = self.lexemes[self.position - 1] if self.position else None
        here = self.next
        names = {Kind.OR: "|", Kind.AND: "AND", Kind.NOT: "NOT", Kind.OPEN: "("}
        if before is not None and before.kind in names:
            sign = names[before.kind] if before.kind is Kind.OPEN else before.text
            return Unparsable(f"“{sign}” needs a word after it.", before.column)
        return Unparsable(f"“{here.text}” needs a word before it.", here.column)

    def brackets(self) -> Node:
        opened = self.take()
        self.depth += 1
        if self.depth > self.most_depth:
            raise Unparsable(f"Brackets go at most {self.most_depth} deep.", opened.column)
        inside = self.filter()
        if self.next.kind is not Kind.CLOSE:
            raise Unparsable("This bracket is never closed.", opened.column)
        self.take()
        self.depth -= 1
        return inside

    def is_plain_word(self) -> bool:
        """Whether a name with a colon is just a word, as in a pasted `DreamBooth: fine …`."""
        lexeme = self.next
        following = self.lexemes[self.position + 1]
        name = lexeme.text.lower()
        return (following.start > lexeme.end or following.kind is Kind.END) and not nearest_field(
            name
        )

    def field(self) -> Node:
        lexeme = self.take()
        name = lexeme.text.lower()
        if self.within:
            raise Unparsable(
                f"{name}: cannot stand in the brackets of {self.within}:.", lexeme.column
            )
        if name not in FIELDS and name not in _SCOPES:
            raise unknown_field(lexeme)
        value = self.next
        if value.start != lexeme.end or value.kind not in {Kind.OPEN, Kind.WORD, Kind.PHRASE}:
            raise Unparsable(
                f"{name}: needs a value right after the colon.",
                lexeme.end_column - 1,
                f"For example {EXAMPLES[name]}",
            )
        if value.kind is Kind.OPEN:
            self.within = name
            inside = self.brackets()
            self.within = ""
            return inside
        return self.listed(name, self.leaf(name, self.take()))

    def listed(self, name: str, first: Node) -> Node:
        """`cat:cs.CL|cs.LG` without blanks is one list."""
        parts = [first]
        while self.next.kind is Kind.OR and self.touches(-1, 0) and self.touches(0, 1):
            value = self.lexemes[self.position + 1]
            if value.kind is not Kind.WORD or not is_listed(name, value.text):
                break
            self.position += 2
            parts.append(self.leaf(name, value))
        return first if len(parts) == 1 else Or(tuple(parts))

    def touches(self, one: int, other: int) -> bool:
        """Whether two lexemes, counted from the next one, stand without a blank between them."""
        left, right = self.lexemes[self.position + one], self.lexemes[self.position + other]
        return left.end == right.start

    def leaf(self, name: str, value: Lexeme) -> Node:
        self.terms += 1
        if self.terms > self.most_terms:
            raise Unparsable(
                f"A filter has at most {self.most_terms} terms.",
                value.column,
                "Split it into several subscriptions.",
            )
        if name and value.text.startswith("-") and value.kind is Kind.WORD:
            raise Unparsable(
                f"“-” goes before the field: -{name}:{value.text.lstrip('-')}", value.column
            )
        if name in FIELDS:
            made = FIELDS[name](value)
            if name == "source" and self.typed:
                check_source(value)
            return made
        return text_term(value, _SCOPES.get(name, Scope.ANY))
