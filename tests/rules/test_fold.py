"""Which words are the same word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.fold import fold, fold_exact, folded_in_place, stem


def words(text: str) -> list[str]:
    return text.split()


def same(one: str, other: str) -> bool:
    return fold(one) == fold(other)


@pytest.mark.parametrize(
    "pair",
    words("""
    agent/agents cache/caches phase/phases box/boxes class/classes study/studies bias/biases
    lens/lenses analysis/analyses hypothesis/hypotheses matrix/matrices vertex/vertices index/indices
    corpus/corpora phenomenon/phenomena criterion/criteria formula/formulae mouse/mice child/children
    woman/women movie/movies virus/viruses GPU/GPUs API/APIs LLM/LLMs database/databases size/sizes
    response/responses video/videos nucleus/nuclei thesis/theses galaxy/galaxies axis/axes
    batch/batches loss/losses
    """),
)
def test_a_word_and_its_plural_are_the_same(pair):
    assert same(*pair.split("/"))


@pytest.mark.parametrize(
    "pair",
    words("""
    behaviour/behavior behavioural/behavioral coloured/colored favourite/favorite
    neighbourhoods/neighborhood optimise/optimize optimised/optimized optimising/optimizing
    optimisation/optimization tokeniser/tokenizer generalisation/generalization analyse/analyze
    catalysed/catalyzed centre/center centred/centered metres/meter fibre/fiber modelled/modeled
    modelling/modeling labelled/labeled unlabelled/unlabeled travelling/traveling
    cancelled/canceled defence/defense licence/license practise/practice grey/gray
    programme/program catalogue/catalog dialogues/dialog analogue/analog sulphur/sulfur
    sulphide/sulfide aluminium/aluminum ageing/aging artefacts/artifact tumours/tumor
    anaemia/anemia leukaemia/leukemia haemoglobin/hemoglobin paediatric/pediatric disc/disk
    """),
)
def test_british_and_american_spelling_are_the_same(pair):
    assert same(*pair.split("/"))


@pytest.mark.parametrize(
    "pair",
    words("""
    general/generative generation/generate filling/filing physics/physical robotics/robotic
    organ/organisation policy/police universe/university gas/ga GPS/GP NAS/na news/new noise/noize
    precise/precize hour/hor tour/tor four/for contour/contor mean/means controlled/controled
    """),
)
def test_words_that_only_look_alike_stay_apart(pair):
    assert not same(*pair.split("/"))


@pytest.mark.parametrize(
    "word",
    words("""
    physics dynamics statistics robotics bias gas lens atlas canvas alias news series species process
    thus various analysis basis noise raise precise unsupervised promise exercise enterprise rise
    parallel controlled called genre massacre four contour cosmos
    """),
)
def test_words_that_end_like_a_plural_or_a_british_word_are_kept(word):
    assert fold(word) == [word]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("İstanbul Straße ﬁne", "istanbul strasse fine"),
        ("ΟΔΟΣ οδος", "οδοσ οδοσ"),
        ("Łódź Erdős Øystein naïve", "lodz erdos oystein naive"),
        ("al\u200bign\u00adment \u202ealignment", "alignment alignment"),
        ("e\u0301cole école", "ecole ecole"),
        ("ＡＩ ①", "ai 1"),
        ("don't model’s models' O’Brien", "dont model model obrien"),
        ("C++, C# and (C)", "cplusplus csharp and c"),
        ("state‑of–the—art", "state of the art"),
        ("β-VAE, αβ", "beta vae αβ"),
        ("CO₂ H2O", "co2 h2o"),
        ("强化学习 3D高斯 がん 한국", "强 化 学 习 3d 高 斯 が ん 한 국"),
        ("snake_case", "snake case"),
        ("🔥 --- ***", ""),
    ],
)
def test_unicode_is_folded(text, tokens):
    assert fold(text) == tokens.split()


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        (r"$\alpha$-divergence and \varepsilon", "alpha divergence and epsilon"),
        (r"\textit{multi}modal \emph{agents}", "multimodal agent"),
        (r"H$_2$O and $O(n^2)$", "h2o and o n2"),
        (r"Erd\H{o}s, Andr\'e, M\"uller, Ha\v{c}ek, \L{}\'od\'z", "erdos andre muller hacek lodz"),
        (r"$\mathbb{R}^{d}$", "rd"),
        ("{BERT} {D}eep", "bert deep"),
        ("$" * 10_000 + "x", "x"),
    ],
)
def test_simple_latex_is_read(text, tokens):
    assert fold(text) == tokens.split()


def test_a_name_keeps_its_final_s():
    assert fold_exact("Adams") == ["adams"]


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    once = fold(text)
    assert fold(" ".join(once)) == once


@given(st.text(max_size=60))
def test_exact_and_folded_tokens_stand_one_for_one(text):
    exact = fold_exact(text)
    assert [stem(token) for token in exact] == fold(text)
    assert fold_exact(" ".join(exact)) == exact
    assert all(exact)


@given(st.text(alphabet="\\${}_^'abcé ", max_size=60))
def test_broken_latex_is_no_error(text):
    once = fold(text)
    assert fold(" ".join(once)) == once


@pytest.mark.corpus
def test_folding_twice_changes_no_word_of_the_corpus(corpus, read_lines):
    seen: set[str] = set()
    for record in read_lines(corpus / "data" / "papers.jsonl.gz", 8_000):
        seen.update(fold_exact(record["title"] + " " + record.get("abstract", "")))
    assert [token for token in seen if stem(stem(token)) != stem(token)] == []


@given(st.text(alphabet="aB9s '-_.$\\{}#+cé\0\n", max_size=40))
def test_a_text_folded_in_place_has_the_same_words_where_they_stand(text):
    folded, whole = folded_in_place(text)
    words = [word.replace("\0", "") for word in folded.split()]
    if whole:
        assert len(folded) == len(text)
        assert words == fold_exact(text)
    elif words:
        assert words[:-1] == fold_exact(text)[: len(words) - 1]  # the last one may go on
    for here, there in zip(folded, text, strict=False):
        assert here in {" ", "\0", there.lower()}
