"""Embed codes that people paste, as elements and as text: only the link stays."""

from html import escape

import pytest

from news.content.richtext import clean

KEY = "dQw4w9WgXcQ"
SCRIPT = '<script async src="https://platform.example/widgets.js" charset="utf-8"></script>'
CODES = {
    f'<iframe width="560" height="315" src="https://www.youtube.com/embed/{KEY}?si=a&amp;start=90" title="Judul" '
    "allowfullscreen></iframe>": f"https://www.youtube.com/watch?v={KEY}&t=90",
    f'<iframe src="https://www.youtube-nocookie.com/embed/{KEY}"></iframe>': f"https://www.youtube.com/watch?v={KEY}",
    '<iframe src="https://www.facebook.com/plugins/video.php?height=3&href=https%3A%2F%2Fwww.facebook.com%2Fpekon'
    '%2Fvideos%2F123%2F&show_text=false"></iframe>': "https://www.facebook.com/pekon/videos/123/",
    '<iframe src="//www.tiktok.com/embed/v2/7234567890"></iframe>': "https://www.tiktok.com/@/video/7234567890",
    '<blockquote class="instagram-media" data-instgrm-captioned data-instgrm-permalink="https://www.instagram.com/reel/'
    'Abc_1/?utm_source=ig_embed&amp;utm_campaign=loading" style="background:#FFF"><div style="padding:16px">'
    '<a href="https://www.instagram.com/reel/Lain/">Lihat</a></div></blockquote>'
    + SCRIPT: "https://www.instagram.com/reel/Abc_1/",
    '<blockquote class="twitter-tweet"><p lang="in" dir="ltr">Isi <a href="https://x.com/lain/status/9">pic</a></p>'
    '&mdash; Pekon (@pekon) <a href="https://twitter.com/pekon/status/123?ref_src=twsrc">3 Mei 2024</a></blockquote> '
    + SCRIPT: "https://twitter.com/pekon/status/123",
    '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@pekon/video/72345" data-video-id="72345">'
    '<section><a href="https://www.tiktok.com/@pekon?refer=embed">@pekon</a></section></blockquote>'
    + SCRIPT: "https://www.tiktok.com/@pekon/video/72345",
}


def paragraph(link):
    shown = escape(link)
    return f'<p><a href="{shown}">{shown}</a></p>'


@pytest.mark.parametrize("code", CODES)
def test_an_element_becomes_its_link(code):
    expected = paragraph(CODES[code])
    assert clean(f"<p>Satu.</p>{code}<p>Dua.</p>") == f"<p>Satu.</p>{expected}<p>Dua.</p>"
    assert clean(f"<p>Satu {code} dua</p>") == f"<p>Satu </p>{expected}<p> dua</p>"
    assert clean(expected) == expected


@pytest.mark.parametrize("code", CODES)
def test_a_pasted_text_becomes_its_link(code):
    expected = paragraph(CODES[code])
    assert clean(f"<p>{escape(code)}</p>") == expected
    assert clean(f"<p>{escape(code, quote=False)}</p><p>Dua.</p>") == f"{expected}<p>Dua.</p>"


@pytest.mark.parametrize(
    "text",
    [
        '<p>&lt;iframe src="https://jahat.example/"&gt;&lt;/iframe&gt;</p>',
        f'<p>&lt;iframe src="https://youtu.be.jahat.example/{KEY}"&gt;&lt;/iframe&gt;</p>',
        f'<p>&lt;iframe src="https://www.youtube.com/embed/{KEY}"&gt; tidak ditutup</p>',
        "<blockquote><p>Kutipan biasa</p></blockquote>",
    ],
)
def test_everything_else_stays(text):
    assert clean(text) == text


def test_a_frame_from_elsewhere_goes():
    assert clean('<p>a</p><iframe src="https://jahat.example/"></iframe>') == "<p>a</p>"


def test_no_script_comes_in_by_a_code():
    code = f'<iframe src="https://www.youtube.com/embed/{KEY}"><script>alert(1)</script></iframe>'
    assert "script" not in clean(code)
    assert "javascript" not in clean('<iframe src="javascript:alert(1)//www.youtube.com/embed/x"></iframe>')
