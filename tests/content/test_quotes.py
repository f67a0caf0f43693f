"""Finding quoted words in a text again."""

import pytest

from news.content.quotes import CONTEXT, LONGEST, Place, Quote, find, words_of

TEXT = "Wali Kota membuka jembatan. Warga datang. Jembatan itu baru, kata warga. Warga datang dari tiga nagari."


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>Wali <strong>Ko</strong>ta</p><p>datang.</p>", "Wali Kota datang."),
        ("<p>satu<br>dua</p><hr><ul><li><p>tiga</p></li></ul>", "satu dua tiga"),
        ("<p>10<sup>6</sup>&nbsp;liter  H<sub>2</sub>O</p>", "106 liter H2O"),
        ('<p><a href="/a/" title="x > y">tautan</a> &lt;b&gt; &amp; &quot;</p>', 'tautan <b> & "'),
        ('<figure data-photo="5"><figcaption>Warga</figcaption></figure><aside data-article="7"></aside>', "Warga"),
        ("<table><tbody><tr><td><p>a</p></td><td><p>b</p></td></tr></tbody></table>", "a b"),
        ("", ""),
    ],
)
def test_the_words_of_a_body_are_those_that_the_editor_shows(body, words):
    assert words_of(body) == words


FOUND = {
    "alone": (Quote("membuka"), Place(10, is_exact=True)),
    "nowhere": (Quote("Gubernur"), None),
    "nothing": (Quote(""), None),
    # What stands around words decides between several places.
    "before": (Quote("Warga datang", "jembatan. ", ""), Place(28, is_exact=True)),
    "both sides": (Quote("Warga datang", "kata warga. ", " dari tiga"), Place(73, is_exact=True)),
    "behind": (Quote("Warga datang", "", " dari"), Place(73, is_exact=True)),
    "a part of it": (Quote("Warga datang", "lain. ", " dari mana-mana"), Place(73, is_exact=True)),
    "none of it": (Quote("Warga datang", "bukan itu", ""), Place(28, is_exact=True)),
    "a sentence": (Quote("Warga datang", "warga! ", ". Jembatan"), Place(28, is_exact=True)),
    # Changed words are found by what stands around them.
    "changed": (Quote("meresmikan", "Wali Kota ", " jembatan. Warga"), Place(10, is_exact=False)),
    "too little before": (Quote("meresmikan", "Kota ", " jembatan. Warga"), None),
    "too little behind": (Quote("meresmikan", "Wali Kota ", " jem"), None),
    "other words before": (Quote("meresmikan", "Gubernur ini ", " jembatan. Warga"), None),
    "other words behind": (Quote("meresmikan", "Wali Kota ", " jembatan gantung"), None),
    "too far": (Quote("x", "Wali Kota ", " dari tiga nagari"), None),
    "taken out": (Quote("meresmikan", "membuka ", "jembatan. Warga"), None),
}
"""Case → what is looked for in `TEXT`, and where it stands. tests/browser/test_comments.py asks the browser too."""


@pytest.mark.parametrize("case", FOUND)
def test_words_are_found_where_they_stand(case):
    quote, place = FOUND[case]
    assert find(TEXT, quote) == place


def test_a_long_text_of_one_word_is_searched_quickly():
    text = "a " * 200_000
    assert find(text, Quote("a", "b" * CONTEXT, "c" * CONTEXT)) == Place(0, is_exact=True)
    assert find(text, Quote("b" * LONGEST)) is None
