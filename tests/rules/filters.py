"""Trees and papers for property tests: few words, so that filters and papers meet often."""

from datetime import date, timedelta

from hypothesis import strategies as st

from bot.model.paper import Event, Metrics, Paper
from bot.model.topic import (
    And,
    Author,
    Category,
    Count,
    FromSource,
    HasCode,
    Language,
    Metric,
    Node,
    Not,
    Or,
    Organization,
    Scope,
    Since,
    Text,
    Version,
)

TODAY = date(2026, 11, 23)
WORDS = [
    "alignment",
    "reward",
    "model",
    "fine",
    "tuning",
    "finetuning",
    "survey",
    "rlhf",
    "llm",
    "强",
]
WRITTEN = [*WORDS, "models", "rewards"]
"""The same, some of them otherwise than folded."""
NAMES = ["jan", "leike", "ada", "adams", "m"]

scopes = st.sampled_from(Scope)
words = st.sampled_from(WORDS)
phrases = st.lists(words, min_size=1, max_size=3).map(tuple)

texts = st.one_of(
    st.builds(Text, phrases, scopes),
    st.builds(
        lambda tokens, scope: Text(tuple(tokens), scope, exact=True),
        st.lists(st.sampled_from(WRITTEN), min_size=1, max_size=3),
        scopes,
    ),
    st.builds(
        lambda word, length, scope: Text((word[: max(length, 2)],), scope, prefix=True),
        words.filter(str.isascii),
        st.integers(2, 6),
        scopes,
    ),
    st.builds(
        lambda tokens, near, scope: Text(tokens, scope, near=near),
        st.lists(words, min_size=2, max_size=3).map(tuple),
        st.integers(1, 3),
        scopes,
    ),
)
counts = st.builds(
    lambda metric, low, more: Count(metric, low, None if more is None else (low or 0) + more),
    st.sampled_from(Metric),
    st.one_of(st.none(), st.integers(1, 30)),
    st.one_of(st.none(), st.integers(0, 30)),
).filter(lambda count: count.low is not None or count.high is not None)
terms = st.one_of(
    texts,
    texts,
    st.builds(
        lambda tokens, prefix: Author(tokens, prefix=prefix and len(tokens[-1]) > 1),
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(tuple),
        st.booleans(),
    ),
    st.builds(Organization, st.just(("deepmind",))),
    st.sampled_from([Category("cs.cl"), Category("cs.lg"), Category("cs", archive=True)]),
    st.sampled_from([FromSource("hf_daily"), FromSource("arxiv")]),
    counts,
    st.builds(HasCode, st.booleans()),
    st.builds(Version, st.sampled_from(Event)),
    st.sampled_from([Since(days=7), Since(days=90), Since(on=date(2026, 11, 1))]),
    st.sampled_from([Language("en"), Language("zh")]),
)
trees: st.SearchStrategy[Node] = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=4).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=4).map(tuple)),
    ),
    max_leaves=8,
)

sentences = st.lists(words, max_size=8).map(" ".join)
papers = st.builds(
    Paper,
    key=st.just("arxiv:2611.00001"),
    url=st.just("https://example.org/1"),
    title=sentences,
    abstract=sentences,
    authors=st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(" ".join)).map(
        tuple
    ),
    categories=st.lists(st.sampled_from(["cs.CL", "cs.LG", "stat.ML"]), unique=True).map(tuple),
    organization=st.sampled_from(["", "Google DeepMind"]),
    code_url=st.sampled_from(["", "https://example.org/code"]),
    announced_on=st.one_of(
        st.none(), st.integers(0, 120).map(lambda days: TODAY - timedelta(days=days))
    ),
    version=st.sampled_from([None, 1, 2]),
    events=st.frozensets(st.sampled_from(Event)),
    sources=st.frozensets(st.sampled_from(["hf_daily", "arxiv_rss:cs.CL", "feed:x"])),
    metrics=st.builds(Metrics, upvotes=st.one_of(st.none(), st.integers(0, 40))),
)
events = st.one_of(st.none(), st.sampled_from(Event))
