"""The page on filters says what the program does: every example parses, every synonym is listed."""

import random
import re
from pathlib import Path

from bot.rules import synonyms
from bot.rules.parse import parse_filter
from tests.fuzz.__main__ import SEEDS, check, mutated

PAGE = (Path(__file__).parents[2] / "docs" / "filters.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.partition(f"**{title}")[2].partition("\n\n")[0].replace("\n", " ")


def pairs(text: str, sign: str) -> set[tuple[str, str]]:
    listed = text.partition("**")[2] if "**" in text else text
    return {
        (short.strip().lower(), long.strip())
        for one in listed.strip().rstrip(".").split(";")
        for short, _, long in [one.partition(sign)]
    }


def table(text: str) -> set[tuple[str, str]]:
    lines = text.strip().splitlines()
    return {(a.strip(), b.strip()) for a, _, b in (line.partition("=") for line in lines)}


def test_the_page_lists_exactly_the_abbreviations_there_are():
    assert pairs(section("Both ways:"), "=") == table(synonyms._SAME)
    one_way = section("From the short form only").partition("meanings:")[2]
    assert pairs(one_way, "→") == table(synonyms._ONE_WAY)


def test_the_page_lists_exactly_the_compounds_there_are():
    listed = section("Compounds").partition("):")[2].strip().rstrip(".")
    assert {one.strip() for one in listed.split(",")} == {
        " ".join(one.split()) for one in synonyms._COMPOUNDS.split(",")
    }


def test_every_example_of_the_page_is_a_filter():
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    examples = []
    for row in rows:
        cells = re.split(r"(?<!\\)\|", row)
        examples += re.findall(r"`([^`]+)`", cells[-2] if ":`" in cells[1] else cells[1])
    assert len(examples) >= 36
    for example in examples:
        parse_filter("word " + example.replace("\\|", "|"))


def test_the_fuzzer_runs_and_would_notice():
    dice = random.Random(1)
    for _ in range(300):
        check(mutated(dice.choice(SEEDS), dice))
