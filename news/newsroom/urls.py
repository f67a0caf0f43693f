"""The addresses of the newsroom's own pages, beside those of Django's admin: (address, view, name)."""

from collections.abc import Callable

from django.http.response import HttpResponseBase

from . import desk, desk_charts, front_desk, go_anywhere, guide, notices, numbers
from .schedule import feed, moving, page

PAGES: list[tuple[str, Callable[..., HttpResponseBase], str]] = [
    ("angka/", numbers.page, "numbers"),
    ("angka/unduh/", numbers.file, "numbers_file"),
    ("denyut/", desk.pulse, "desk_pulse"),
    ("halaman-depan/", front_desk.choose, "front_pages"),
    ("halaman-depan/pasang/<int:number>/", front_desk.place, "front_place"),
    ("halaman-depan/<slug:label>/", front_desk.desk, "front_page"),
    ("halaman-depan/<slug:label>/berita/", front_desk.stories, "front_stories"),
    ("halaman-depan/<slug:label>/pratinjau/", front_desk.preview, "front_preview"),
    ("halaman-depan/<slug:label>/pratinjau/halaman/", front_desk.preview_page, "front_preview_page"),
    ("grafik/", desk_charts.fragment, "desk_charts"),
    ("jadwal/", page.schedule, "schedule"),
    ("jadwal/<int:story>/pindah/", moving.move, "schedule_move"),
    ("jadwal/langganan/", feed.subscription, "schedule_subscription"),
    ("kabar/", notices.page, "notices"),
    ("kabar/dibaca/", notices.read_all, "notices_read"),
    ("kabar/jumlah/", notices.count, "notices_count"),
    ("kabar/perangkat/", notices.device, "notices_device"),
    ("kabar/sw.js", notices.worker, "notices_worker"),
    ("kabar/<int:notice>/", notices.follow, "notice"),
    ("ke-mana/", go_anywhere.places, "go_anywhere"),
    ("panduan/gambar/<slug:name>/", guide.picture, "guide_picture"),
    ("panduan/<slug:name>/", guide.page, "guide"),
]
