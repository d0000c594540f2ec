"""Text from anywhere becomes safe, even text; long text is cut where a reader would cut."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.fold import fold_exact
from bot.rules.text import cut, decode_entities, graphemes, plain_name, readable, tidy


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("  A title\n  over two lines ", "A title over two lines"),
        ("plain", "plain"),
        ("", ""),
        ("Cafe\u0301", "Café"),
        ("Cafe\u200b\u0301", "Café"),
        ("a\u200bb\u00adc", "abc"),
        ("\u202egnp\u202c.exe", "gnp.exe"),
        ("one\u2028two\u00a0three\u3000four", "one two three four"),
        ("nul\x00 and \x1b[31mred", "nul and [31mred"),
        ("tab\there", "tab here"),
        ("flag \U0001f3f4\U000e0067\U000e0062\U000e007f", "flag \U0001f3f4"),
        ("\u3164\u115fblank", "blank"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("👩\u200d🔬 and 👍🏽 and 🇩🇪 and ❤\ufe0f", "👩\u200d🔬 and 👍🏽 and 🇩🇪 and ❤\ufe0f"),
        ("par\u200dted", "parted"),
        ("🔬\u200dx", "🔬x"),
        ("full-width ＠everyone", "full-width ＠everyone"),
        ("对齐 论文", "对齐 论文"),
    ],
)
def test_text_is_tidied_at_the_border(raw, tidied):
    assert tidy(raw) == tidied


def test_marks_piled_on_one_letter_are_capped():
    tidied = tidy("z" + "\u0310" * 500 + "a")
    assert tidied == "z" + "\u0310" * 4 + "a"


def test_entities_are_decoded_once_and_only_where_asked():
    assert tidy("R&amp;D &amp;lt;!channel&amp;gt;") == "R&amp;D &amp;lt;!channel&amp;gt;"
    assert tidy("R&amp;D &amp;lt;!channel&amp;gt;", entities=True) == "R&D &lt;!channel&gt;"
    assert decode_entities("AT&T x&parameter &copy &eacute; &#233; &#x00;") == (
        "AT&T x&parameter &copy é é \ufffd"
    )


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (r"Paulo Andr\'e Lima", "Paulo André Lima"),
        (r"J\"urgen M{\"u}ller", "Jürgen Müller"),
        (r"Mart{\'\i}nez", "Martínez"),
        (r"Mart\'{\i}nez", "Martínez"),
        (r"Garc\'\i a", "García"),
        (r"Fran\c{c}ois", "François"),
        (r"\v{S}koda {\v Z}i\v{z}ek", "Škoda Žižek"),
        (r"J{\o}rgen \L{}ukasz \AA ngstr\"om", "Jørgen Łukasz Ångström"),
        (r"Vel\'azquez {Group}", "Velázquez Group"),
        (r"\'Angel Krist\'aly", "Ángel Kristály"),
        ("Zoltán Harman", "Zoltán Harman"),
        (r"EDF R\&D", "EDF R&D"),
    ],
)
def test_tex_accents_in_names_are_decoded(raw, name):
    assert plain_name(raw) == name


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (r"On $L_2$ norms", "On L₂ norms"),
        (r"LLM$\times$Reduce", "LLM×Reduce"),
        (r"$\alpha$-Net and $p$-Laplacian", "α-Net and p-Laplacian"),
        (r"Growth in $\mathbb{R}^{n+1}$", "Growth in ℝⁿ⁺¹"),
        (r"$O(n^2 \log n)$ sorting", "O(n² log n) sorting"),
        (r"$\Lambda_{\mathrm{QCD}}$", "Λ_QCD"),
        (r"$\textit{Name}$: a \emph{new} \textsc{Thing}", "Name: a new Thing"),
        (r"Schr{\"o}dinger and K\"ahler", "Schrödinger and Kähler"),
        (r"$\frac{1}{2}$ and $\sqrt{x+1}$", "1/2 and √(x+1)"),
        (r"CO\textsubscript{2} at 5\%", "CO₂ at 5%"),
        (r"the {\it ab initio} case", "the ab initio case"),
        (r"$\bar{x}$ over $10^{-3}$", "x̄ over 10⁻³"),
        ("``Quoted'' text", "“Quoted” text"),
        (r"Range 3$-$4", "Range 3-4"),
    ],
)
def test_simple_latex_is_readable(title, shown):
    assert readable(title) == unicodedata.normalize("NFC", shown)


@pytest.mark.parametrize(
    "title",
    [
        r"\href{javascript:alert(1)}{free}",
        r"\input{/etc/passwd}",
        "Costs $5 and 10$",
        "From $5 to $10 a month",
        "$5-$10 apiece",
        r"$\mymacro{x}$ stays",
        r"$\frac{1$ broken",
        "$$ twice $$",
        "snake_case and x^2 outside",
    ],
)
def test_what_is_not_simple_stays_as_written(title):
    assert readable(title) == title


def test_hostile_titles_take_no_time():
    started = time.perf_counter()
    for part in ("$", "$a", "\\", "{\\", "\\v ", "``", "\\emph{", "{\\it ", "\\'", "${", "$\\frac"):
        readable(part * 10_000)
        plain_name(part * 10_000)
        tidy(part * 10_000, entities=True)
    assert time.perf_counter() - started < 2


def test_letters_with_marks_and_emoji_count_as_one():
    assert graphemes("e\u0301👩\u200d👩\u200d👧🇩🇪🇫🇷👍🏽x") == [
        "e\u0301",
        "👩\u200d👩\u200d👧",
        "🇩🇪",
        "🇫🇷",
        "👍🏽",
        "x",
    ]


def test_long_text_is_cut_at_a_word():
    assert cut("A study of everything", 12) == "A study of…"
    assert cut("short", 5) == "short"
    assert cut("An end, of sorts", 8) == "An end…"
    assert cut("a" * 50, 10) == "a" * 9 + "…"
    assert cut("anything", 0) == ""


def test_emoji_are_never_cut_in_half():
    family = "👩\u200d👩\u200d👧"
    assert cut(family * 3, 8) == family + "…"
    assert cut("🇩🇪🇫🇷", 3, measure=len) == "🇩🇪…"


def test_the_unit_of_the_limit_is_the_platforms():
    def utf16(text: str) -> int:
        return len(text.encode("utf-16-le")) // 2

    assert cut("😀😀😀", 4, measure=utf16) == "😀…"
    assert cut("😀😀", 4, measure=utf16) == "😀😀"


@given(st.text(max_size=300), st.integers(min_value=0, max_value=100))
def test_cut_text_always_fits_and_begins_the_same(text, limit):
    shorter = cut(text, limit)
    assert len(shorter) <= limit
    assert shorter == text or text.startswith(shorter.removesuffix("…"))


@given(st.text("ab ·…“”é≥–A\u02b0"), st.sampled_from(["", "\u200b", "\u0301"]))
def test_plain_text_is_tidied_as_all_text_is(text, between):
    with_some = between.join(text)
    slowly = unicodedata.normalize("NFC", with_some.replace("\u200b", ""))
    assert tidy(with_some) == " ".join(slowly.split())


@given(st.text())
def test_tidy_text_is_tidy(text):
    once = tidy(text)
    assert once == once.strip()
    assert "\n" not in once
    assert "\x00" not in once
    assert tidy(once) == once
    once.encode()


@given(st.text())
def test_any_title_can_be_read(text):
    readable(text)
    plain_name(text)


@given(st.text("ab ,é“–\u0301&<", max_size=60), st.integers(0, 60))
def test_plain_text_is_cut_where_counting_every_letter_would_cut_it(text, limit):
    def counted(part):
        return len(part)

    assert cut(text, limit) == cut(text, limit, measure=counted)


@given(st.text("aB1é-'’$\\{}#+ ", max_size=40))
def test_an_ascii_word_alone_is_folded_by_its_case(text):
    for word in text.split():
        if word.isascii() and word.isalnum():
            assert fold_exact(word) == [word.lower()]
