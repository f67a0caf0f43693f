"""The addresses of the newsroom's own pages, beside those of Django's admin: (address, view, name)."""

from collections.abc import Callable

from django.http.response import HttpResponseBase

from . import desk, go_anywhere, guide, notices

PAGES: list[tuple[str, Callable[..., HttpResponseBase], str]] = [
    ("denyut/", desk.pulse, "desk_pulse"),
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
