"""Papers named in what people write."""

import pytest

from bot.rules.mentioned import mentioned


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Have you seen 2403.09472?", ["arxiv:2403.09472"]),
        ("arXiv:2403.09472v2, and again 2403.09472", ["arxiv:2403.09472"]),
        ("arxiv: 2403.09472", ["arxiv:2403.09472"]),
        ("<https://arxiv.org/abs/2403.09472>.", ["arxiv:2403.09472"]),
        ("[this](https://arxiv.org/pdf/2403.09472v1)", ["arxiv:2403.09472"]),
        (
            "see arxiv.org/abs/2403.09472v2, or doi.org/10.1000/x",
            ["arxiv:2403.09472", "doi:10.1000/x"],
        ),
        ("evil-arxiv.org/abs/2403.09472", []),
        ("https://huggingface.co/papers/2403.09472!", ["arxiv:2403.09472"]),
        (
            "the old hep-th/9901001 and math.GT/0309136",
            ["arxiv:hep-th/9901001", "arxiv:math/0309136"],
        ),
        ("doi:10.1145/3292500.3330701, good", ["doi:10.1145/3292500.3330701"]),
        ("https://doi.org/10.1145/3292500.3330701", ["doi:10.1145/3292500.3330701"]),
        ("version 1.2403.094721 of 12403.094723", []),
        ("https://example.org/page and mail@10.1145", []),
        ("", []),
    ],
)
def test_papers_are_found_where_people_name_them(text, keys):
    assert mentioned(text) == keys


def test_a_very_long_text_takes_no_long_time():
    assert mentioned("10.1145/" * 50_000) == mentioned("10.1145/" * 50_000)
