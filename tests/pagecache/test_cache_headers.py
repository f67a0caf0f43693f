"""How long other caches may show a page."""

import re

import pytest

from pekon.pagecache import cache_headers

NOW = 1_700_000_000


@pytest.mark.parametrize("left", [0, 0.5, 1, 1.9, 2, 2.9, 3, 4, 5.5, 100, 1e6, float("inf")])
@pytest.mark.parametrize("into_the_second", [0.0, 0.5, 0.99])
def test_no_cache_shows_a_page_past_the_moment_at_which_it_changes(left, into_the_second):
    """Caches that count from when they got it, and nginx, which counts whole seconds and shows the last one to its
    end."""
    control, accel = (value for _name, value in cache_headers.headers(NOW, NOW + left, 3_600))
    maxage, revalidate, on_error = map(int, re.findall(r"(?:s-maxage|stale-[a-z-]+)=(\d+)", control))
    got = NOW + into_the_second
    if maxage + revalidate + on_error:
        assert got + maxage + max(revalidate, on_error) <= NOW + left + 1e-6
        assert accel == f"@{NOW}"
        assert NOW + 1 + max(revalidate, on_error) <= NOW + left
    else:
        assert accel == "0"
    assert on_error <= 3_600


def test_far_from_any_change_a_shared_cache_answers_for_a_second_and_revalidates_during_the_next():
    assert cache_headers.headers(NOW, cache_headers.NEVER, 3_600) == [
        ("Cache-Control", "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=3600"),
        ("X-Accel-Expires", f"@{NOW}"),
    ]
