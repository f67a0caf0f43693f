"""The demo's fixed data: open regions, sections, authors and accounts."""

PASSWORD = "pekon-demo"  # noqa: S105  (the demo's password, which is public)

OPEN_REGIONS = {
    "sumaterabarat": "Ranah Minang hari ini",
    "payakumbuh": "Kabar dari Kota Biru",
    "limapuluhkota": "",
    "bukittinggi": "",
    "padang": "Kota di tepi samudra",
    "tanahdatar": "",
    "agam": "",
    "sulawesiselatan": "",
    "makassar": "Kabar dari kota daeng",
    "parepare": "",
    "maluku": "",
    "ambon": "Manise setiap hari",
    "tual": "",
}
"""Subdomain → tagline. Some have no articles, as a new edition has none."""

ACCENTS = {"sulawesiselatan": "lake", "makassar": "sea", "maluku": "indigo", "bukittinggi": "leaf"}
"""Subdomain → colour. Other regions have that of the region above."""

MASTHEADS = {
    "": {
        "publisher": "PT Pekon Media Nagari (contoh)",
        "responsible": "Sinta Maharani",
        "chief_editor": "Sinta Maharani",
        "address": "Jalan Contoh 1, Jakarta",
        "email": "redaksi@pekon.web.id",
    },
    "payakumbuh": {
        "staff": "Redaktur: Rina Koto\nPewarta: Linda Sari, Dodi Piliang",
        "address": "Jalan Contoh 7, Payakumbuh",
    },
}
"""Subdomain → the fields of its own masthead."""

SECTIONS = {
    "politik": "Politik",
    "hukum": "Hukum",
    "ekonomi": "Ekonomi",
    "pendidikan": "Pendidikan",
    "kesehatan": "Kesehatan",
    "olahraga": "Olahraga",
    "budaya": "Budaya",
    "wisata": "Wisata",
    "lingkungan": "Lingkungan",
    "ragam": "Ragam",
}

AUTHORS = {
    "linda-sari": ("Linda Sari", "payakumbuh", "Meliput pemerintahan dan kehidupan warga Payakumbuh."),
    "rizal-koto": ("Rizal Koto", "bukittinggi", "Meliput Agam, Bukittinggi, dan Tanah Datar."),
    "mutia-chaniago": ("Mutia Chaniago", "padang", "Meliput pendidikan dan kesehatan."),
    "dodi-piliang": ("Dodi Piliang", "payakumbuh", "Kontributor untuk Lima Puluh Kota."),
    "hendra-tanjung": ("Hendra Tanjung", "", "Pewarta foto jaringan."),
    "bu-rosna": ("Rosna Malik", "payakumbuh", "Kolumnis."),
    "andi-tenri": ("Andi Tenri", "makassar", "Meliput kota dan pesisir Makassar."),
    "baso-rahman": ("Baso Rahman", "makassar", "Meliput olahraga dan budaya."),
    "yopi-latuconsina": ("Yopi Latuconsina", "ambon", "Meliput Ambon dan sekitarnya."),
    "mika-rahayaan": ("Mika Rahayaan", "tual", "Meliput laut dan kepulauan."),
    "sinta-maharani": ("Sinta Maharani", "", "Redaksi jaringan."),
}
"""Slug → name, region, about."""

ACCOUNTS = {
    "admin": ("Administrator jaringan", "", "", ""),
    "pemred": ("Pemimpin redaksi, Sumatera Barat", "chief_editor", "sumaterabarat", ""),
    "redaktur": ("Redaktur, Payakumbuh", "editor", "payakumbuh", ""),
    "reporter": ("Reporter, Payakumbuh", "reporter", "payakumbuh", "linda-sari"),
    "kontributor": ("Kontributor, Payakumbuh", "contributor", "payakumbuh", "dodi-piliang"),
    "redaktur-makassar": ("Redaktur, Makassar", "editor", "makassar", ""),
}
"""User name → description, role, region, author."""
