"""What a person typed comes back out of Slack's escapes."""

import pytest

from adapters.slack.incoming import typed


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("alignment", "alignment"),
        ("  upvotes:&gt;=20  ", "upvotes:>=20"),
        ("R&amp;D", "R&D"),
        ("&amp;lt;", "&lt;"),
        ("“trend estimation”", '"trend estimation"'),
        ("author:„Noether“", 'author:"Noether"'),
        ("<https://arxiv.org/abs/2403.09472>", "https://arxiv.org/abs/2403.09472"),
        ("<https://arxiv.org/abs/2403.09472|arxiv.org>", "https://arxiv.org/abs/2403.09472"),
        ("<http://cs.CL|cs.CL>", "http://cs.CL"),
        ("<mailto:eve@example.org|eve@example.org>", "eve@example.org"),
        ("<@U0READER01>", "@U0READER01"),
        ("<@U0READER01|ada>", "@ada"),
        ("<#C0PAPERS01|papers>", "#papers"),
        ("<!here>", "@here"),
        ("<!subteam^S0123|@group>", "@group"),
        ("<!date^1392734382^{date}|Feb 18>", "Feb 18"),
        ("a &lt; b &gt; c", "a < b > c"),
        ("", ""),
    ],
)
def test_a_line_comes_out_as_it_was_typed(sent, meant):
    assert typed(sent) == meant


def test_a_long_line_of_brackets_is_no_trouble():
    assert typed("<" * 100_000) == "<" * 100_000
    assert typed("<a" * 50_000 + ">").startswith("<a")
