"""Links to other sites that stand alone become boxes, and nothing is loaded from there."""

import pytest
from django.conf import settings

from news.content import body, embeds

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
def test_a_link_to_a_video_that_stands_alone_can_be_loaded_in_place(address):
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


@pytest.mark.parametrize(
    "address",
    [
        f"http://www.youtube.com/watch?v={KEY}",
        f"https://music.youtube.com/watch?v={KEY}",
        f"https://www.youtube-nocookie.com/embed/{KEY}",
        "https://vt.tiktok.com/ZSabc123/",
        "https://vm.tiktok.com/ZSabc123/",
        "https://www.tiktok.com/@pekon.id/photo/7234567890",
        "https://fb.watch/aBc-12/",
        "https://web.facebook.com/pekon/posts/pfbid02abc",
        "https://m.facebook.com/story.php?story_fbid=1&amp;id=2",
        "https://www.facebook.com/watch/?v=123",
        "https://www.facebook.com/reel/123456",
        "https://www.facebook.com/share/v/1AbC/",
        "https://www.facebook.com/pekon/videos/judul/123/",
        "https://mobile.twitter.com/a/status/1",
        "https://twitter.com/i/web/status/1",
        "https://www.instagram.com/pekon.id/reel/Abc_1-2/?igsh=x",
        "https://www.threads.com/@pekon/post/Abc",
    ],
)
def test_short_mobile_and_plain_forms_are_boxes(address):
    page = body.render(f'<p><a href="{address}">lihat</a></p>', dateline="", sign_off="")
    assert 'class="embed"' in page
    assert 'href="https://' in page


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/@ElevenChars",
        "https://www.youtube.com/user/elevenchars",
        "https://www.youtube.com/c/elevenchars",
        "https://www.youtube.com/@pekon/elevenchars",
        "https://www.youtube.com/hashtag/elevenchars",
        "https://www.youtube.com/channel/UCabcdefghijk",
        "https://www.youtube.com/elevenchars",
        "https://www.youtube.com/playlist?list=PL123",
        "https://www.youtube.com/watch",
        f"https://www.youtube.com/@pekon?v={KEY}",
        "https://www.instagram.com/pekon.id/",
        "https://www.instagram.com/explore/tags/payakumbuh/",
        "https://www.tiktok.com/@pekon",
        "https://www.tiktok.com/tag/payakumbuh",
        "https://www.facebook.com/pekon.id",
        "https://www.facebook.com/hashtag/payakumbuh",
        "https://www.facebook.com/pekon/videos",
        "https://www.facebook.com/watch/",
        "https://fb.com/pekon",
        "https://x.com/pekon",
        "https://x.com/hashtag/payakumbuh",
        "https://www.threads.net/@pekon",
    ],
)
def test_channels_people_and_hashtags_are_no_videos(address):
    assert "embed" not in body.render(f'<p><a href="{address}">lihat</a></p>', dateline="", sign_off="")


@pytest.mark.parametrize(
    "paragraph",
    [
        "{}<br>",
        "&nbsp;{}&nbsp;",
        "<strong>{}</strong>",
        "<em><strong>{}</strong></em><br><br>",
        "{}\n",
        "\u200b{}\u200b",
    ],
)
def test_what_cannot_be_read_leaves_a_link_alone(paragraph):
    link = f'<a href="https://youtu.be/{KEY}"><strong>video</strong></a>'
    page = body.render(f"<p>{paragraph.format(link)}</p><p>Dua.</p>", dateline="", sign_off="")
    assert page.startswith('<p class="embed"><a href=')
    assert page.endswith("</a></p><p>Dua.</p>")


@pytest.mark.parametrize(
    ("asked", "second"),
    [
        ("t=90", 90),
        ("t=90s", 90),
        ("t=1m30s", 90),
        ("t=1h1m1s", 3661),
        ("start=90", 90),
        ("si=abc&amp;t=90", 90),
        ("t=x", 0),
        ("t=", 0),
    ],
)
def test_the_start_time_is_kept(asked, second):
    page = body.render(f'<p><a href="https://youtu.be/{KEY}?{asked}">v</a></p>', dateline="", sign_off="")
    assert f'/embed/{KEY}{f"?start={second}" if second else ""}"' in page
