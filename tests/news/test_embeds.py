"""Links to other sites that stand alone: boxes, and nothing loaded from there."""

import pytest
from django.conf import settings

from news import body, embeds

KEY = "dQw4w9WgXcQ"


@pytest.mark.parametrize(
    "address",
    [
        f"https://www.youtube.com/watch?v={KEY}",
        f"https://youtube.com/watch?list=PL1&amp;v={KEY}",
        f"https://youtu.be/{KEY}?si=abc",
        f"https://www.youtube.com/shorts/{KEY}",
        f"https://m.youtube.com/live/{KEY}/",
    ],
)
def test_a_lonely_video_can_be_loaded_in_place(address):
    page = body.render(f'<p>Satu.</p><p><a href="{address}">video</a></p>', dateline="", sign_off="")
    assert f'data-frame="https://www.youtube-nocookie.com/embed/{KEY}"' in page
    assert f'href="{address}"' in page
    assert "<iframe" not in page


@pytest.mark.parametrize("site", ["instagram.com/p/1", "www.tiktok.com/@a/video/1", "x.com/a/status/1"])
def test_other_sites_posts_are_boxes_with_a_link(site):
    page = body.render(f'<p><a href="https://{site}">lihat</a></p>', dateline="", sign_off="")
    assert 'class="embed"' in page
    assert "data-frame" not in page


@pytest.mark.parametrize(
    "text",
    [
        f'<p>Lihat <a href="https://youtu.be/{KEY}">video</a></p>',
        f'<p><a href="https://youtu.be/{KEY}">video</a> ini</p>',
        '<p><a href="https://pekon.web.id/1">berita</a></p>',
        '<p><a href="https://youtube.com.jahat.example/watch?v=dQw4w9WgXcQ">video</a></p>',
        '<p><a href="https://jahat.example/youtube.com">video</a></p>',
        '<p><a href="https://[::1">rusak</a></p>',
    ],
)
def test_everything_else_stays_a_link(text):
    assert "embed" not in body.render(text, dateline="", sign_off="")


def test_the_policy_lets_frames_come_from_the_player_alone():
    assert settings.READERS_CONTENT_SECURITY_POLICY["frame-src"] == [embeds.PLAYER]


def test_dateline_and_sign_off_stand_beside_a_box_not_in_it():
    page = body.render(f'<p><a href="https://youtu.be/{KEY}">video</a></p>', dateline="Payakumbuh", sign_off="(**).")
    assert page.startswith('<p><span class="dateline">Payakumbuh</span></p><p class="embed">')
    assert page.endswith('</a></p><p><span class="sign-off">(**).</span></p>')
