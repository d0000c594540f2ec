"""Every wrong filter is refused with a message, a column and, where one helps, a hint."""

import time

import pytest

from bot.model.errors import BadFilter
from bot.rules.parse import MOST_TERMS, parse_filter


def problem(text):
    with pytest.raises(BadFilter) as refused:
        parse_filter(text)
    return refused.value.problem


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", 1, "at least one word"),
        ("   ", 1, "at least one word"),
        ("NOT", 1, "“NOT” needs a word after it"),
        ("a NOT", 3, "“NOT” needs a word after it"),
        ("AND OR", 1, "“AND” needs a word before it"),
        ("a AND", 3, "“AND” needs a word after it"),
        ("a OR", 3, "“OR” needs a word after it"),
        ("OR a", 1, "“OR” needs a word before it"),
        ("a | | b", 3, "“|” needs a word after it"),
        ("a OR AND b", 3, "“OR” needs a word after it"),
        ("(a", 1, "never closed"),
        ("x (a | (b c)", 3, "never closed"),
        ("a)", 2, "never opened"),
        ("()", 1, "“(” needs a word after it"),
        ('"a', 1, "never closed"),
        ('a "b" "c', 7, "never closed"),
        ('""', 1, "nothing between"),
        ("***", 1, "no letter or digit"),
        ("x ***", 3, "no letter or digit"),
        ("🔥", 1, "no letter or digit"),
        ("🇪🇺 👩🏽‍🔬", 1, "no letter or digit"),
        ("a - b", 3, "no letter or digit"),
        ("-survey", 1, "something to look for"),
        ("a | -b", 5, "something to look for"),
        ("-(a -b)", 1, "something to look for"),
        ("a -a", 1, "both asked for and left out"),
        ("upvotes:>5 upvotes:<3", 1, "exclude each other"),
        ("(" * 9 + "a" + ")" * 9, 9, "at most 8 deep"),
        ("a " * (MOST_TERMS + 1), 129, "at most 64 terms"),
        ("a\0b", 2, "U+0000"),
        ("ab\ud800", 3, "U+D800"),
        ("a\x1bb", 2, "U+001B"),
        ("re:(a+)+$", 1, "Regular expressions are not supported"),
        ("re:(?=x)y", 1, "Regular expressions are not supported"),
        (r"re:(a)\1", 1, "Regular expressions are not supported"),
        ("re:((a{1,100}){1,100}){1,100}", 1, "Regular expressions are not supported"),
        ("athor:leike", 1, "There is no field athor:"),
        ("a category:cs.CL", 3, "There is no field category:"),
        ("every:daily a", 1, "is a delivery option"),
        ("a at:09:00", 3, "is a delivery option"),
        ("author:", 7, "author: needs a value"),
        ("author: leike", 7, "author: needs a value"),
        ("title:-a", 7, "goes before the field"),
        ("title:(cat:cs.CL)", 8, "cannot stand in the brackets of title:"),
        ("author:***", 8, "no letter or digit"),
        ("author:=a", 8, "takes no “=”"),
        ("cat:cs.NLP", 5, "arXiv has no category “cs.NLP”"),
        ("cat:cs.CL,cs.LG", 5, "takes one category"),
        ("cat:cs.C*", 5, "expects a category"),
        ("upvotes:20", 9, "expects a comparison"),
        ("upvotes:>", 9, "expects a comparison"),
        ("upvotes:>=-1", 9, "expects a comparison"),
        ("upvotes:>=1e9", 9, "expects a comparison"),
        ("upvotes:NaN", 9, "expects a comparison"),
        ("upvotes:>=٣", 9, "expects a comparison"),
        ("upvotes:>=99999999999", 9, "too large"),
        ("upvotes:20..5", 9, "no number can be"),
        ("upvotes:<0", 9, "no number can be"),
        ("upvotes:>=0", 9, "every number is"),
        ("code:maybe", 6, "yes or no"),
        ("version:newest", 9, "expects one of"),
        ("since:yesterday", 7, "expects an age"),
        ("since:30", 7, "expects an age"),
        ("since:2025-02-30", 7, "there is no day"),
        ("since:0000-01-01", 7, "there is no day"),
        ("since:0d", 7, "reaches back"),
        ("since:99999y", 7, "reaches back"),
        ("lang:english", 6, "expects one of"),
        ("source:<x>", 8, "expects the name of a source"),
        ("source:foo", 8, "expects one of hf_daily, arxiv"),
        ("-source:hf_dialy a", 9, "expects one of hf_daily, arxiv"),
        ("source:(hf_daily|ffeed)", 18, "expects one of hf_daily, arxiv"),
        ("source:arxiv_rss:cs.NLP", 8, "not “arxiv_rss:cs.NLP”"),
        ("source:arxiv_oai:cs:cs:NLP", 8, "expects one of"),
        ("source:hf_daily:x", 8, "expects one of"),
        ("source:feed:", 8, "expects one of"),
        ("filter:../x", 8, "expects the name of a subscription"),
        ("a version:v2", 11, "expects one of new, listed"),
        ("a*", 1, "at least 2 letters"),
        ("c++*", 1, "at least 2 letters"),
        ("al*ment", 1, "end of a word"),
        ("*ment", 1, "end of a word"),
        ("=align*", 1, "exclude each other"),
        ("model~2", 1, "after a phrase in quotes"),
        ('"a b"~', 6, "how many other words"),
        ('"a b"~99', 6, "how many other words"),
        ('"a"~2', 1, "two or more words"),
    ],
)
def test_a_wrong_filter_is_explained_at_its_column(text, column, says):
    found = problem(text)
    assert found.column == column
    assert says in found.message


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("athor:leike", "author:"),
        ("a category:cs.CL", "cat:"),
        ("every:daily a", "after the filter of a subscribe command"),
        ("cat:cs.NLP", "cat:cs.CL"),
        ("source:hf_dialy", "source:hf_daily"),
        ("source:arxiv_rs:cs.CL", "source:arxiv_rss:cs.cl"),
        ("upvotes:20", "upvotes:>=20"),
        ("http://example.org", "in quotes"),
        ("a - b", "-survey"),
    ],
)
def test_a_hint_names_what_was_probably_meant(text, hint):
    assert hint in problem(text).hint


@pytest.mark.parametrize(
    "text",
    ["x" * 100_000, "(" * 10_000, '"' * 9_999, "a " * 5_000, "-" * 50_000, "a|" * 40_000],
    ids=["one word", "brackets", "quotes", "terms", "minus signs", "bars"],
)
def test_a_huge_filter_is_refused_at_once(text):
    started = time.perf_counter()
    assert "at most 512 characters" in problem(text).message
    assert time.perf_counter() - started < 0.05


@pytest.mark.parametrize(
    "text", ["-" * 511 + "a", "(" * 512, "NOT " * 127 + "a", 'x~"' * 170, "a:" * 256]
)
def test_a_hostile_filter_of_full_length_is_answered_quickly(text):
    started = time.perf_counter()
    with pytest.raises(BadFilter):
        parse_filter(text)
    assert time.perf_counter() - started < 0.05


def test_the_column_counts_what_was_typed_not_what_was_cleaned():
    assert problem("\u200b“reward model” \u202eupvotes:20").column == 26


def test_the_refused_text_can_be_shown():
    with pytest.raises(BadFilter) as refused:
        parse_filter("a\ud800b\0" + "x" * 600)
    refused.value.text.encode()
    assert len(refused.value.text) <= 513


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a version:v2", "Did you mean version:replace?"),
        ("a version:replaced", "Did you mean version:replace?"),
        ("a version:updated", "Did you mean version:replace?"),
        ("a version:published", "Did you mean version:new?"),
        ("a version:withdraw", "Did you mean version:withdrawn?"),
        ("a version:zzz", ""),
        ("a lang:English", "Did you mean lang:en?"),
        ("a lang:deutsch", "Did you mean lang:de?"),
        ("a lang:tlh", ""),
        ("a since:7", "Did you mean since:7d?"),
        ("a since:2026-1-5", "Did you mean since:2026-01-05?"),
        ("a since:0", ""),
        ("a code:y", "Did you mean code:yes?"),
    ],
)
def test_a_value_that_is_nearly_right_is_told_the_right_one(text, hint):
    assert problem(text).hint == hint
    if hint:
        field = hint.removeprefix("Did you mean ").removesuffix("?")
        parse_filter(f"a {field}")
