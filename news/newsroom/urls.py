"""The addresses of the newsroom's own pages, beside those of Django's admin: (address, view, name)."""

from . import desk, go_anywhere, guide, numbers

PAGES = [
    ("angka/", numbers.page, "numbers"),
    ("angka/unduh/", numbers.file, "numbers_file"),
    ("denyut/", desk.pulse, "desk_pulse"),
    ("ke-mana/", go_anywhere.places, "go_anywhere"),
    ("panduan/gambar/<slug:name>/", guide.picture, "guide_picture"),
    ("panduan/<slug:name>/", guide.page, "guide"),
]
