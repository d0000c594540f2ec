"""Whatever a server writes into its headers, the wait stays between a second and six hours."""

from datetime import UTC, datetime

import pytest

from adapters.sources.gates import registrable
from adapters.sources.waits import backoff, retry_after, window_of

NOW = datetime(2026, 4, 16, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("120", 120),
        ("0", 1),
        ("-5", 1),
        ("99999999", 6 * 3600),
        ("9" * 400, 6 * 3600),
        ("Thu, 16 Apr 2026 09:10:00 GMT", 600),
        ("Thu, 16 Apr 2020 09:10:00 GMT", 1),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 6 * 3600),
        ("soon", None),
        ("", None),
        ("٣", None),
    ],
)
def test_retry_after_is_clamped(written, seconds):
    assert retry_after({"retry-after": written}, NOW) == seconds


def test_a_date_is_measured_by_the_servers_own_clock():
    headers = {
        "retry-after": "Thu, 16 Apr 2026 12:10:00 GMT",
        "date": "Thu, 16 Apr 2026 12:00:00 GMT",
    }
    assert retry_after(headers, NOW) == 600


def test_the_window_is_read_from_both_headers():
    window = window_of(
        {
            "ratelimit": '"api";r=12;t=55',
            "ratelimit-policy": '"fixed window";"api";q=500;w=300',
        }
    )
    assert window is not None
    assert (window.left, window.quota, window.reset) == (12, 500, 56)
    assert window.used_up
    assert window_of({"ratelimit": "nonsense"}) is None


def test_backoff_grows_with_full_jitter_to_a_quarter_of_an_hour():
    assert [backoff(n, 1.0) for n in (0, 1, 2, 20)] == [5, 10, 20, 900]
    assert backoff(5, 0.0) == 0


@pytest.mark.parametrize(
    ("host", "gate"),
    [
        ("rss.arxiv.org", "arxiv.org"),
        ("export.arxiv.org", "arxiv.org"),
        ("arxiv.org", "arxiv.org"),
        ("huggingface.co", "huggingface.co"),
        ("feeds.example.ac.uk", "example.ac.uk"),
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
        ("WWW.Nature.Com.", "nature.com"),
    ],
)
def test_names_of_one_owner_share_a_gate(host, gate):
    assert registrable(host) == gate
