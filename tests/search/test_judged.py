"""Search answers the judged queries at least as well as before, and better than simpler ways of searching."""

import pytest

from tests.search import judged

pytestmark = pytest.mark.databases


def test_the_judged_set_is_as_large_as_it_should_be():
    assert len(judged.stories()) >= 400
    assert len(judged.queries()) >= 150
    assert all(query.answers for query in judged.queries())
    assert len({article.body for article in judged.stories()}) == len(judged.stories())


@pytest.mark.thorough  # a minute: make check-discovery
@pytest.mark.django_db
def test_pekons_search_is_better_than_exact_words_or_stems_and_damages_no_regions_name():
    table = judged.measure(judged.fill())
    best = table["Pekon"]
    for way in ("exact words", "stems"):
        for kind in best:
            assert best[kind].precision >= table[way][kind].precision, (way, kind)
            assert best[kind].recall >= table[way][kind].recall, (way, kind)
        assert best["all"].precision > table[way]["all"].precision + 0.1
        assert best["all"].recall > table[way]["all"].recall + 0.1
    assert best["daerah"] == judged.Mark(1, 1)
    assert best["all"].precision >= 0.97
    assert best["all"].recall >= 0.96
