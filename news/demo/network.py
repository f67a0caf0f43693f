"""The demo's fixed cast: which regions are open, the rubrics, the authors and the accounts."""

PASSWORD = "pekon-demo"  # noqa: S105  (a demo's, printed when it starts)

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
"""Subdomain → tagline. Empty regions are shown too: a new edition starts that way."""

ACCENTS = {"sulawesiselatan": "danau", "makassar": "laut", "maluku": "nila", "bukittinggi": "daun"}
"""Subdomain → colour; the others have that of the region above."""

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
"""Subdomain → what its masthead says itself."""

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
    "pemred": ("Pemimpin redaksi, Sumatera Barat", "pemred", "sumaterabarat", ""),
    "redaktur": ("Redaktur, Payakumbuh", "redaktur", "payakumbuh", ""),
    "reporter": ("Reporter, Payakumbuh", "reporter", "payakumbuh", "linda-sari"),
    "kontributor": ("Kontributor, Payakumbuh", "kontributor", "payakumbuh", "dodi-piliang"),
    "redaktur-makassar": ("Redaktur, Makassar", "redaktur", "makassar", ""),
}
"""User name → what it is, role, region, author."""
