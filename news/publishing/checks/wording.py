"""Words that call for fairness: accusations without the other side, suspicion beside a full name.

The press council's code (Kode Etik Jurnalistik, articles 1 and 3): a balanced story, and nobody guilty before a court
says so. Patterns cannot judge; they ask the writer to look.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from .findings import Finding
from .manuscript import Manuscript, excerpt, sentences

# --- The other side -----------------------------------------------------------------------------------------------

_ACCUSES = re.compile(
    r"\b(?:menuduh(?:kan)?|(?:di)?tuduh(?:kan)?|tuduhan|menuding|(?:di)?tuding|tudingan|memfitnah|difitnah|mencurigai"
    r"|dicurigai|dilaporkan\s+(?:ke|kepada)\s+(?:polisi|polres\w*|polsek|polda|kpk|kejaksaan|kejari"
    r"|bawaslu))\b",
    re.I,
)
_DENIED = re.compile(r"\b(?:tidak|tak|bukan|tanpa|belum|jangan)(?:\s+(?:pernah|ada|ingin|mau|bermaksud))?\s+$", re.I)
_REPLIES = re.compile(
    r"\b(?:(?:mem|di|ter)?bantah(?:an|annya)?|(?:me|di)?sangkal(?:an|annya)?|menyangkal|sanggahan|menyanggah|menampik"
    r"|menepis|klarifikasi(?:nya)?|mengklarifikasi|hak jawab|(?:di|meng)konfirmasi(?:kan)?|konfirmasi"
    r"|menanggapi|ditanggapi|tanggapan(?:nya)?|merespons|respons(?:nya)?"
    r"|menolak\s+(?:tuduhan|tudingan|berkomentar|memberikan)|enggan\s+(?:berkomentar|menjawab|memberikan|menanggapi)"
    r"|mengakui|membela diri|tidak benar|tidaklah benar"
    r"|(?:saat|ketika|waktu)\s+(?:dihubungi|ditemui|ditanya|dimintai)"
    r"|(?:belum|tidak|tak)\s+(?:bisa|dapat|berhasil|kunjung)?\s*(?:dihubungi|menjawab|membalas|berkomentar"
    r"|memberi(?:kan)?\s+(?:keterangan|jawaban|penjelasan|komentar)))\b",
    re.I,
)


def other_side(manuscript: Manuscript) -> Iterator[Finding]:
    """An accusation in a story in which nobody replies, unless readers are told that it still awaits the other side."""
    if manuscript.is_unverified:
        return
    texts = [("title", manuscript.title), *(("body", line) for line in manuscript.lines)]
    if any(_REPLIES.search(text) for _field, text in texts):
        return
    found = next(((field, match) for field, text in texts for match in _accusations(text)), None)
    if found is None:
        return
    field, match = found
    yield Finding(
        "other_side",
        _("“%(words)s”: somebody is accused, and nobody replies in this story.") % {"words": match[0]},
        _(
            "Ask the other side and say what they answer, also if they do not. If the story cannot wait, an editor can "
            "mark it as not verified yet."
        ),
        field=field,
        words=match[0],
    )


def _accusations(text: str) -> Iterator[re.Match[str]]:
    for match in _ACCUSES.finditer(text):
        if not _DENIED.search(text[max(0, match.start() - 40) : match.start()]):
            yield match


# --- Suspects -----------------------------------------------------------------------------------------------------

_WORD = r"[A-Z][a-z'’]+(?:-[A-Z][a-z]+)?"
_NEXT = rf"(?:\s+(?:bin|binti|{_WORD}|[A-Z]\.?(?=\s|,|$)))"
_FULL = rf"{_WORD}{_NEXT}{{1,3}}"
_AGE = r"(?:\s*\(\d{1,2}(?:\s*(?:tahun|thn|th))?\)|,?\s+\d{1,2}\s+(?:tahun|thn),?)"
_FILLED = (
    r"(?:\s+(?:utama|kedua|lain|lainnya|itu|tersebut|bernama|atas\s+nama|yakni|yaitu|adalah|ialah|pelaku))*[,:]?\s+"
)
_SUSPECTS = (
    # “tersangka Budi Santoso”, “terduga pelaku bernama Andi”
    re.compile(rf"\b(?i:tersangka|terduga|pelaku|terdakwa|terlapor)\b{_FILLED}(?P<name>{_WORD}{_NEXT}{{0,3}})"),
    # “Budi Santoso (35) yang diduga …”, “Rudi (20) ditetapkan sebagai tersangka”
    re.compile(
        rf"(?P<name>{_FULL}{_AGE}?|{_WORD}{_AGE}),?\s+(?:yang\s+|kini\s+|telah\s+|sudah\s+|resmi\s+|juga\s+)*"
        r"(?:diduga|disangka|(?:ditetapkan|disebut|dijadikan)\s+(?:sebagai\s+|jadi\s+)?(?:tersangka|pelaku))\b"
    ),
    # “diduga dilakukan oleh Budi Santoso”
    re.compile(rf"\b(?i:diduga)\s+(?:kuat\s+)?(?:dilakukan|didalangi|pelakunya)\s+(?:oleh\s+)?(?P<name>{_FULL})"),
)
_NO_PERSON = frozenset(
    "warga korban polisi polres polresta polsek polda polri kapolres kapolsek kapolda kejaksaan kejari kejati "
    "pengadilan negeri tinggi mahkamah dinas badan kantor kementerian pemerintah pemko pemkot pemkab pemprov dprd "
    "dpr kpu bawaslu kota kabupaten provinsi kecamatan kelurahan desa nagari jorong dusun jalan pasar rumah sakit "
    "makan toko masjid musala gereja sekolah universitas sungai gunung danau pantai jembatan bus truk mobil motor "
    "kapal kereta pesawat virus banjir longsor gempa kebakaran api pelaku tersangka terduga terdakwa korupsi "
    "pencurian pembunuhan penganiayaan penipuan narkoba senin selasa rabu kamis jumat sabtu minggu januari "
    "februari maret april mei juni juli agustus september oktober november desember indonesia sumatera jawa "
    "kalimantan sulawesi papua bali satpol satres tim petugas jaksa hakim penyidik komisi partai yayasan "
    "perusahaan bank koperasi proyek dana kasus kejadian peristiwa kecelakaan penyebab dia ia mereka kini saat "
    "menurut namun selain sementara akibat kerugian kedua ketiga keduanya seorang sejumlah puluhan ratusan ribuan "
    "anak siswa mahasiswa guru".split()
)


def named_suspects(manuscript: Manuscript) -> Iterator[Finding]:
    """A full name beside words of suspicion. Initials and institutions are none."""
    known = {word.casefold() for place in manuscript.places for word in (place.short_name, *place.short_name.split())}
    seen: set[str] = set()
    for line in manuscript.prose:
        for sentence in sentences(line):
            for match in (found for pattern in _SUSPECTS for found in pattern.finditer(sentence)):
                name = re.sub(rf"{_AGE}$", "", match["name"]).strip(" ,")
                before = sentence[: match.start("name")].split()
                if name in seen or not _is_person(name, before[-1] if before else "", known):
                    continue
                seen.add(name)
                yield Finding(
                    "suspect",
                    _("“%(words)s”: a suspect with the full name.") % {"words": excerpt(match[0].strip())},
                    _(
                        "Nobody is guilty before a court says so. Initials do, unless the public needs the name, as "
                        "that of an official. Never the name of a child."
                    ),
                    words=match[0].strip(),
                )


def _is_person(name: str, before: str, places: set[str]) -> bool:
    words = [word.casefold() for word in name.split()]
    if before.isupper() and len(before) > 1:  # PT Maju Jaya, RS Harapan, SMA Bina
        return False
    if _NO_PERSON.intersection(words) or name.casefold() in places or words[-1] in places:
        return False
    return len(words[0]) > 2
