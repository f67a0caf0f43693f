"""What differs between two texts, in words and in blocks."""

import pytest

from news.content import differences, richtext


def changed(row: differences.Row) -> tuple[list[str], list[str]]:
    """The runs that stand on one side alone."""
    before, after = ([piece.text for piece in side if piece.is_changed] for side in (row.before, row.after))
    return before, after


@pytest.mark.parametrize(
    ("before", "after", "gone", "come"),
    [
        ("Harga naik 1.200 orang", "Harga naik 1.300 orang", ["1.200"], ["1.300"]),
        ("Rp8.000,50 sekilo", "Rp9.000,50 sekilo", ["Rp8.000,50"], ["Rp9.000,50"]),
        ("Wali kota hadir", "Wali kota tidak hadir", [], ["tidak "]),
        ("sama saja", "sama saja", [], []),
        ("", "baru", [], ["baru"]),
        ("lama", "", ["lama"], []),
    ],
)
def test_texts_are_compared_by_words_and_numbers_are_whole(before, after, gone, come):
    row = differences.words(before, after)
    assert changed(row) == (gone, come)
    assert ["".join(piece.text for piece in side) for side in (row.before, row.after)] == [before, after]


def test_a_body_is_compared_by_paragraphs_and_a_changed_one_by_words():
    before = "<p>Satu dua tiga.</p><p>Tetap.</p><p>Akan hilang sama sekali.</p>"
    after = "<p>Satu dua empat.</p><p>Tetap.</p><h2>Judul kecil</h2><p>Penutup yang lain dari semua.</p>"
    rows = differences.bodies(before, after)
    assert changed(rows[0]) == (["tiga"], ["empat"])
    assert not rows[1].is_changed
    assert {text for row in rows[2:] for text in changed(row)[1]} >= {"Judul kecil"}


def test_long_runs_of_the_same_paragraphs_are_counted():
    before = "".join(f"<p>Alinea {number}.</p>" for number in range(12))
    rows = differences.without_the_same(differences.bodies(before, before.replace("a 6.", "a enam.")))
    assert [(row.skipped, row.is_changed) for row in rows] == [
        (5, False),
        (0, False),
        (0, True),
        (0, False),
        (4, False),
    ]
    assert differences.without_the_same(differences.bodies(before, before)) == [differences.Row(skipped=12)]


def test_words_that_only_became_bold_or_a_link_that_leads_elsewhere_are_told():
    [row] = differences.bodies("<p>Hujan deras.</p>", "<p>Hujan <strong>deras</strong>.</p>")
    assert row.is_form_changed
    [row] = differences.bodies('<p><a href="/a/">sini</a></p>', '<p><a href="/b/">sini</a></p>')
    assert changed(row) == (["a"], ["b"])


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p>Satu &amp; dua&nbsp;&lt;tiga&gt;.</p><ul><li><p>a</p></li><li><p>b</p></li></ul><hr><h2>x</h2>",
        "teks lepas<p>paragraf</p>ekor",
        '<blockquote><p>Kutipan<br>dua <a href="https://a.id/?b=1&amp;c=2" title="x">baris</a></p></blockquote>',
        "<blockquote>" * 600 + "<p>dalam</p>" + "</blockquote>" * 600,
    ],
)
def test_blocks_are_the_whole_body(body):
    cleaned = richtext.clean(body)
    assert richtext.clean("".join(differences.blocks(cleaned))) == cleaned


def test_a_text_made_to_be_slow_is_compared_all_the_same():
    """By difflib these take minutes, and without a bound the last one 20 GB."""
    row = differences.words("a " * 8_000, "a b " * 4_000)
    assert "".join(piece.text for piece in row.after) == "a b " * 4_000
    assert len(differences.bodies("<p>a</p>" * 1_200, "<p>b a</p>" * 1_000)) == 1_200
    row = differences.words("sama " + "a " * 60_000 + "akhir", "sama " + "b a " * 30_000 + "akhir")
    assert [piece.text for piece in row.after if not piece.is_changed] == ["sama ", " a akhir"]
