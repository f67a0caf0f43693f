import re

import pytest
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from news.content import body
from news.content.richtext import clean


def tidy(text, dateline="Payakumbuh", sign_off="(**)."):
    return body.tidy(text, dateline=dateline, sign_off=sign_off)


def render(text, dateline="Payakumbuh", sign_off="(**)."):
    return body.render(text, dateline=dateline, sign_off=sign_off)


class TestTypedDateline:
    @pytest.mark.parametrize(
        "opening",
        [
            "Payakumbuh - ",
            "Payakumbuh – ",
            "Payakumbuh — ",
            "Payakumbuh -- ",
            "Payakumbuh &ndash; ",
            "Payakumbuh &mdash; ",
            "Payakumbuh- ",
            "Payakumbuh -",
            "Payakumbuh—",
            "PAYAKUMBUH - ",
            "payakumbuh – ",
            " Payakumbuh - ",
            "Payakumbuh\xa0-\xa0",
            "Payakumbuh&nbsp;&ndash;&nbsp;",
            "&nbsp;Payakumbuh - ",
            "<strong>Payakumbuh</strong> - ",
            "<strong>Payakumbuh -</strong> ",
            "<strong>Payakumbuh - </strong>",
            "<strong>Payakumbuh </strong>- ",
            "<strong>PAYAKUMBUH</strong>&nbsp;— ",
            "<strong>Payakumbuh</strong>-",
            "<em>Payakumbuh</em> - ",
            "<strong><em>Payakumbuh</em></strong> - ",
            "<strong><em>Payakumbuh</em> - </strong>",
        ],
    )
    def test_it_goes_in_every_form(self, opening):
        text = f"<p>{opening}Wali Kota <strong>membuka</strong> rapat.</p><p>Payakumbuh - tetap.</p>"
        assert tidy(text) == "<p>Wali Kota <strong>membuka</strong> rapat.</p><p>Payakumbuh - tetap.</p>"

    def test_bold_that_goes_on_into_the_text_is_kept(self):
        text = "<p><strong>Payakumbuh - Wali Kota</strong> membuka rapat.</p>"
        assert tidy(text) == "<p><strong>Wali Kota</strong> membuka rapat.</p>"

    def test_empty_paragraphs_before_it_do_not_hide_it(self):
        assert tidy("<p></p><p>&nbsp;</p><p>Payakumbuh - Rapat.</p>") == "<p>Rapat.</p>"

    @pytest.mark.parametrize(
        ("dateline", "opening"),
        [
            ("Limapuluh Kota", "Limapuluh Kota - "),
            ("Limapuluh Kota", "LIMAPULUH\xa0KOTA – "),
            ("Limapuluh Kota", "Limapuluh  Kota - "),
            ("Padang & Solok", "Padang &amp; Solok - "),
            ("St. Petersburg (Rusia)", "St. Petersburg (Rusia) - "),
            ("<b>", "&lt;b&gt; - "),
        ],
    )
    def test_it_is_found_as_it_is_stored(self, dateline, opening):
        assert tidy(f"<p>{opening}Rapat.</p>", dateline=dateline) == "<p>Rapat.</p>"

    @pytest.mark.parametrize(
        "text",
        [
            "<p>Payakumbuh bersiap.</p>",
            "<p>Payakumbuh, Sumatera Barat - Rapat.</p>",
            "<p>Payakumbuh-Limapuluh Kota macet.</p>",
            "<p>Payakumbuh–Solok macet.</p>",
            "<p>Padang - Rapat.</p>",
            "<p>Kota Payakumbuh - Rapat.</p>",
            "<p>Payakumbuhan - Rapat.</p>",
            "<h2>Payakumbuh - Rapat</h2><p>Isi.</p>",
            "<ul><li><p>Payakumbuh - Rapat</p></li></ul>",
        ],
    )
    def test_what_is_no_dateline_stays(self, text):
        assert tidy(text) == text

    def test_a_dot_in_the_dateline_stands_for_itself(self):
        assert tidy("<p>Stx Petersburg - Rapat.</p>", dateline="St. Petersburg") == "<p>Stx Petersburg - Rapat.</p>"

    def test_without_a_dateline_nothing_is_taken_out(self):
        assert tidy("<p>Payakumbuh - Rapat.</p>", dateline="") == "<p>Payakumbuh - Rapat.</p>"


class TestTypedSignOff:
    @pytest.mark.parametrize(
        "ending",
        [
            " (**).",
            " (**)",
            "(**).",
            "&nbsp;(**).",
            " (**) .",
            " (**). ",
            "<br>(**).",
            " <strong>(**).</strong>",
            " <strong>(**)</strong>.",
            " <em><strong>(**)</strong></em>.",
        ],
    )
    def test_it_goes_in_every_form(self, ending):
        assert tidy(f"<p>Rapat (**).</p><p>Selesai.{ending}</p>") == "<p>Rapat (**).</p><p>Selesai.</p>"

    def test_a_paragraph_of_its_own_goes_with_it(self):
        assert tidy("<p>Selesai.</p><p>(**).</p>") == "<p>Selesai.</p>"
        assert tidy("<p>Selesai.</p><p><strong>(**)</strong></p>") == "<p>Selesai.</p>"

    def test_empty_paragraphs_after_it_do_not_hide_it(self):
        assert tidy("<p>Selesai. (**).</p><p></p><p><br></p>") == "<p>Selesai.</p>"

    def test_bold_that_begins_before_it_is_kept(self):
        assert tidy("<p>Rapat <strong>selesai. (**)</strong></p>") == "<p>Rapat <strong>selesai.</strong></p>"

    @pytest.mark.parametrize(
        "text",
        ["<p>Selesai (*).</p>", "<p>(**) Selesai.</p>", "<p>Selesai. (**).</p><h2>Lain</h2>", "<p>Nilai 2**3.</p>"],
    )
    def test_what_is_no_sign_off_stays(self, text):
        assert tidy(text) == text

    def test_a_sign_off_is_not_found_inside_a_word(self):
        assert tidy("<p>Warnanya sacred.</p>", sign_off="red") == "<p>Warnanya sacred.</p>"
        assert tidy("<p>Selesai. red</p>", sign_off="red") == "<p>Selesai.</p>"

    @pytest.mark.parametrize("sign_off", ["", " ", "."])
    def test_without_a_sign_off_nothing_is_taken_out(self, sign_off):
        assert tidy("<p>Selesai. (**).</p>", sign_off=sign_off) == "<p>Selesai. (**).</p>"


class TestTidy:
    def test_it_cleans(self):
        assert tidy("<p onclick=x>Payakumbuh - Rapat<script>x</script>. (**).</p>") == "<p>Rapat.</p>"

    @pytest.mark.parametrize("text", ["", "<p></p>", "<p>Payakumbuh - (**).</p>", "<p>(**).</p>"])
    def test_a_body_of_nothing_but_dateline_and_sign_off_is_an_empty_string(self, text):
        assert tidy(text) == ""

    TAGS = "<p> </p> <strong> </strong> <em> </em> <br> <h2> </h2> <li>"
    PIECES = st.sampled_from([*TAGS.split(), *"Payakumbuh - – (**) . a &nbsp;".split(), " ", "\n"])

    @given(st.lists(PIECES, max_size=15).map("".join))
    def test_what_comes_out_is_clean(self, text):
        tidied = tidy(text)
        assert clean(tidied) == tidied


class TestRender:
    def test_a_page_opens_with_the_dateline_and_closes_with_the_sign_off(self):
        assert render("<p>Rapat dibuka.</p><p>Selesai.</p>") == (
            '<p><span class="dateline">Payakumbuh</span> - Rapat dibuka.</p>'
            '<p>Selesai. <span class="sign-off">(**).</span></p>'
        )

    def test_one_paragraph_has_both(self):
        assert render("<p>Rapat.</p>") == (
            '<p><span class="dateline">Payakumbuh</span> - Rapat. <span class="sign-off">(**).</span></p>'
        )

    @pytest.mark.parametrize(
        "start", ["<h2>Rapat</h2>", "<ul><li><p>satu</p></li></ul>", "<blockquote><p>K</p></blockquote>"]
    )
    def test_before_anything_but_a_paragraph_the_dateline_stands_alone(self, start):
        page = render(f"{start}<p>Isi.</p>", sign_off="")
        assert page == f'<p><span class="dateline">Payakumbuh</span></p>{start}<p>Isi.</p>'

    @pytest.mark.parametrize(
        "end", ["<ul><li><p>satu</p></li></ul>", "<h2>Rapat</h2>", "<blockquote><p>K</p></blockquote>", "<hr>"]
    )
    def test_after_anything_but_a_paragraph_the_sign_off_stands_alone(self, end):
        page = render(f"<p>Isi.</p>{end}", dateline="")
        assert page == f'<p>Isi.</p>{end}<p><span class="sign-off">(**).</span></p>'

    def test_empty_fields_add_nothing(self):
        assert render("<p>Rapat.</p>", dateline="", sign_off="") == "<p>Rapat.</p>"

    def test_hostile_fields_are_escaped(self):
        page = render("<p>Rapat.</p>", dateline="<script>1</script>", sign_off='"><img src=x onerror=alert(1)>')
        assert "<script" not in page
        assert "<img" not in page
        assert "&lt;script&gt;" in page

    def test_a_hostile_body_is_cleaned_on_the_way_out(self):
        assert render("<p>Rapat<script>x</script></p><img src=x>", dateline="", sign_off="") == "<p>Rapat</p>"

    @pytest.mark.parametrize(
        "typed", ["Payakumbuh - Rapat. (**).", "<strong>PAYAKUMBUH</strong> – Rapat. <strong>(**)</strong>"]
    )
    def test_after_tidying_nothing_stands_twice(self, typed):
        page = render(tidy(f"<p>{typed}</p><p></p>"))
        assert page.lower().count("payakumbuh") == 1
        assert page.count("(**)") == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("<hr>", 0),
        ("<h2>&nbsp;</h2>", 0),
        ("<p>Rapat dibuka.</p>", 2),
        ("<p>Rapat</p><p>dibuka</p>", 2),
        ("<p>Rapat<br>dibuka</p>", 2),
        ("<p>Rapat&nbsp;dibuka</p>", 2),
        ("<p>satu <strong>dua</strong> <em>tiga</em></p><ul><li><p>empat</p></li></ul>", 4),
    ],
)
def test_words_are_what_readers_count(text, count):
    assert body.words(text) == count


class TestReferences:
    TEXT = (
        '<p>Satu.</p><figure data-photo="5"><figcaption>Warga <em>hadir</em></figcaption></figure>'
        '<p>Dua.</p><aside data-article="7"></aside><p>Tiga.</p>'
    )

    def test_they_are_found_in_order(self):
        assert body.references(self.TEXT + '<figure data-photo="2"></figure>') == body.References((5, 2), (7,))

    def test_what_readers_see_takes_their_place(self):
        inserts = body.Inserts(lambda key, caption: mark_safe(f"[{key} {caption}]"), lambda key: mark_safe(f"[{key}]"))
        shown = body.render(self.TEXT, dateline="", sign_off="", inserts=inserts)
        assert shown == "<p>Satu.</p>[5 Warga hadir]<p>Dua.</p>[7]<p>Tiga.</p>"

    def test_without_anything_to_show_they_vanish(self):
        assert render(self.TEXT, "", "") == "<p>Satu.</p><p>Dua.</p><p>Tiga.</p>"

    def test_a_dateline_stands_after_photos_that_open_the_text(self):
        text = '<figure data-photo="5"></figure><p>Satu.</p>'
        assert render(text, "Padang", "") == '<p><span class="dateline">Padang</span> - Satu.</p>'

    def test_captions_are_no_words_of_the_text(self):
        assert body.plain(self.TEXT) == "Satu. Dua. Tiga."
        assert body.words(self.TEXT) == 3

    def test_a_story_to_read_also_that_the_writer_chose_is_the_only_one(self):
        assert body.takes_inset("<p>x</p>" * 9)
        assert not body.takes_inset("<p>x</p>" * 9 + '<aside data-article="7"></aside>')


def test_a_text_holds_no_mark_of_a_comment_and_readers_get_none_that_was_stored():
    text = '<p>Wali <span data-comment="c-5">Ko<strong>ta</strong></span> hadir.</p>'
    assert tidy(text) == "<p>Wali Ko<strong>ta</strong> hadir.</p>"
    for base in ("", "https://a.example/berita/1/x/"):
        shown = body.render(text, dateline="", sign_off="", base=base)
        assert shown == "<p>Wali Ko<strong>ta</strong> hadir.</p>"


def test_plain_words_keep_their_edges():
    table = "<table><tbody><tr><td>1.200</td><td>Ani</td></tr><tr><td>3.400</td><td>Budi</td></tr></tbody></table>"
    assert body.plain(table) == "1.200 Ani 3.400 Budi"
    assert body.plain("<p>10<sup>6</sup> m<sup>2</sup>, H<sub>2</sub>O, 1<sup>a</sup></p>") == "10⁶ m², H₂O, 1 a"
    assert body.plain("<p>satu<br>dua</p><p>tiga</p>") == "satu dua tiga"


def test_an_empty_cell_keeps_its_paragraph_and_a_text_loses_its_empty_ones():
    rows = '<tr><th><p></p></th><td colspan="2"><p></p></td></tr><tr><td><p></p></td><td><p>x</p></td></tr>'
    table = f"<table><tbody>{rows}</tbody></table>"
    assert tidy(f"<p></p>{table}<p>&nbsp;</p><p>y</p>") == f"{table}<p>y</p>"


def test_a_table_scrolls_by_itself():
    shown = render("<table><tbody><tr><td>x</td></tr></tbody></table>", "", "")
    assert re.fullmatch(
        r'<div class="table" role="region" aria-label="\w+" tabindex="0"><table>.*</table></div>', shown
    )
