"""Files that are no photo, broken, or made to harm: refused with the reason, and nothing is stored."""

import io
import os
import random
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image

from news.images import sandbox
from news.images.models import Photo
from tests.server import ROOT

from .pictures import FORMATS, HEIC, encoded, plain, rendition, whole


def test_an_empty_file(refused):
    assert "empty" in refused(b"")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Ini bukan foto.", "not a photo that we can read"),
        (b"\x00" * 500, "not a photo that we can read"),
        (plain("TIFF"), "not a photo that we can read"),
        (plain("BMP"), "not a photo that we can read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>alert(1)</script></svg>", "SVG"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"%PDF-1.7\n", "PDF"),
        (plain("GIF"), "GIF"),
        (plain("GIF", save_all=True, append_images=[Image.new("RGB", (400, 300), "red")]), "GIF"),
        (b"<!DOCTYPE html><html><script>alert(1)</script>", "web page"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41", "video"),
        (b"PK\x03\x04" + b"\x00" * 60, "archive"),
        (b"\xff\xd8\xff\xe0<?php system($_GET[0]); ?>", "damaged"),
    ],
    ids=[
        "text",
        "zeros",
        "tiff",
        "bmp",
        "svg",
        "xml",
        "pdf",
        "gif",
        "animated gif",
        "html",
        "video",
        "zip",
        "php as jpeg",
    ],
)
def test_what_is_no_photo_in_a_known_format(refused, content, said):
    assert said in refused(content)


@pytest.mark.parametrize("format", ["WEBP", "PNG", "AVIF"])
def test_an_animation(refused, format):
    content = plain(format, save_all=True, append_images=[Image.new("RGB", (400, 300), "red")])
    assert "animation" in refused(content)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("part", [0.3, 0.9])
def test_a_photo_that_was_cut_off(refused, format, part):
    noise = encoded(Image.effect_noise((400, 300), 80).convert("RGB"), format) if format != "HEIF" else HEIC["turned"]
    assert "damaged" in refused(noise[: int(len(noise) * part)])


def test_an_avif_that_its_decoder_gives_up_on(refused):
    content = bytearray(plain("AVIF"))
    start = content.index(b"mdat") + 4
    content[start:] = b"\xff" * (len(content) - start)
    assert "damaged" in refused(bytes(content))


def test_too_many_bytes(refused, store, settings):
    content = plain()
    settings.PHOTO_MAX_BYTES = len(content) - 1
    assert "larger than" in refused(content)
    settings.PHOTO_MAX_BYTES = len(content)
    assert store(content).pk


@pytest.mark.parametrize("format", FORMATS)
def test_too_many_pixels(refused, store, settings, format):
    settings.PHOTO_MAX_PIXELS = 400 * 300 - 1
    assert "million pixels" in refused(plain(format))
    settings.PHOTO_MAX_PIXELS = 400 * 300
    assert store(plain(format)).pk


def png_claiming(width: int, height: int, kind: int = 2, pixels: bytes = b"") -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_a_bomb_is_refused_before_it_is_unpacked(refused):
    assert "million pixels" in refused(png_claiming(60_000, 60_000))


WEIGH = """
import resource, sys
from pathlib import Path
import django
django.setup()
from news.images import sandbox
with sandbox.decode(Path(sys.argv[1])) as developed:
    print(developed.width, developed.height, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_a_small_file_that_unpacks_to_what_is_allowed_stays_within_the_limits(tmp_path):
    """60 million pixels of nothing in 60 KB, weighed in a process that has no other child than the sandboxed one."""
    rows = zlib.compress(b"\x00" * (7500 + 1) * 8000, 9)
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(png_claiming(7500, 8000, 0, rows))
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    told = subprocess.run(
        [sys.executable, "-c", WEIGH, str(bomb)], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    width, height, kibibytes = map(int, told.stdout.split())
    assert (width, height) == (7500, 8000)
    assert 0 < kibibytes < 512 * 1024


@pytest.mark.sandboxed
def test_text_that_unpacks_to_gigabytes_harms_nothing(store, files):
    """A PNG's compressed text: 200 MB of it in 200 KB."""
    bomb = zlib.compress(b"A" * 200_000_000, 9)
    photo = encoded(Image.new("RGB", (40, 30)), "PNG")
    data = b"Comment\x00\x00" + bomb
    chunk = struct.pack(">I", len(data)) + b"zTXt" + data + struct.pack(">I", zlib.crc32(b"zTXt" + data))
    with pytest.raises(sandbox.PhotoRejected) as caught:
        store(photo[:33] + chunk + photo[33:])
    assert caught.value.code in ("damaged", "memory")
    assert files() == []


@pytest.mark.sandboxed
@pytest.mark.parametrize("format", ["PNG", "AVIF"])
def test_a_photo_that_needs_more_memory_than_there_is(refused, settings, format):
    settings.PHOTO_MEMORY = 250 * 2**20
    assert "memory" in refused(plain(format, (9000, 6000)))


@pytest.mark.sandboxed
def test_a_photo_that_takes_too_long(refused, settings):
    """A progressive JPEG may have any number of passes: each takes 89 bytes and is a pass over the whole photo."""
    photo = encoded(Image.new("L", (7000, 7000), 90), "JPEG", progressive=True)
    scan = photo[photo.rindex(b"\xff\xda") : -2]
    settings.PHOTO_SECONDS = 1
    assert "too long" in refused(photo[:-2] + scan * 50_000 + b"\xff\xd9")


@pytest.mark.parametrize("size", [(100, 20_000), (400, 30_000)])
def test_a_picture_too_tall_for_a_rendition(refused, size):
    assert "too tall" in refused(plain("PNG", size, "L", 0))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_file_that_is_a_photo_and_a_page_at_once_leaves_only_pixels(store, work, folders, format):
    script = b"<html><script>alert('polyglot')</script><?php system('id') ?>"
    content = plain(format) + script
    if format == "JPEG":
        content = plain(format, comment=script) + script
    photo = store(content)
    work()
    for path in folders[0].rglob("*.*"):
        assert b"polyglot" not in path.read_bytes()
        assert b"<?php" not in path.read_bytes()
    assert whole(photo).size == (400, 300)


def mutations(count: int):
    """Photos of every format with bytes changed, taken out, doubled and put in; the same ones in every run."""
    rng = random.Random(6)
    noise = Image.effect_noise((160, 120), 60).convert("RGB")
    originals = [encoded(noise, format) for format in FORMATS[:4]] + [HEIC["plain"], HEIC["turned"]]
    for number in range(count):
        content = bytearray(originals[number % len(originals)])
        for _change in range(rng.choice((1, 1, 3, 20))):
            at = rng.randrange(min(len(content), rng.choice((40, 400, len(content)))))
            match rng.randrange(4):
                case 0:
                    content[at] = rng.randrange(256)
                case 1:
                    del content[at : at + rng.randrange(1, 64)]
                case 2:
                    content[at:at] = content[at : at + rng.randrange(1, 64)]
                case 3:
                    content[at:at] = rng.randbytes(rng.randrange(1, 16))
        yield bytes(content)


@pytest.mark.sandboxed
def test_mutated_files_are_photos_or_are_refused_with_a_reason(store, tree, files):
    """A small part of what `python -m benchmarks.hostile` does."""
    refusals = set()
    for content in mutations(12):
        before = files()
        try:
            photo = store(content)
        except sandbox.PhotoRejected as refusal:
            refusals.add(refusal.code)
            left = files()
        else:
            left = before
            assert rendition(photo, "share.jpg").format == "JPEG"
            Photo.objects.all().delete()
        assert left == before
    assert "crashed" not in refusals
    assert {"damaged", "unreadable"} <= refusals


@pytest.mark.sandboxed
def test_a_decoder_that_crashes_costs_that_upload_alone(refused, store, monkeypatch):
    """The sandboxed process kills itself as a broken decoder would: by a fault that Python cannot catch."""
    broken = "import ctypes; ctypes.string_at(0)"
    monkeypatch.setattr(sandbox, "_COMMAND", [sys.executable, "-c", broken])
    assert "cannot be opened safely" in refused(plain())
    monkeypatch.undo()
    assert store(plain()).pk


TAKEN_OVER = """
import json, os, sys
from pathlib import Path
request = json.load(sys.stdin)
folder = Path(request["folder"])
from news.images import rendition_specs
manifest = rendition_specs.first((400, 300), [50, 40])
for name in rendition_specs.names(manifest):
    start = b"\\xff\\xd8\\xff" if name.endswith("jpg") else b"RIFF0000WEBP"
    (folder / name).write_bytes(start + b"x" * 100)
report = {"format": "jpeg", "size": [400, 300], "colour": "#000000", "texts": {}}
victim = folder / "share.jpg"
%s
print(report if isinstance(report, str) else json.dumps(report))
"""


FED_PIPE = r"""
import subprocess
victim.unlink()
os.mkfifo(victim)
feed = os.open(victim, os.O_RDWR)
os.write(feed, b"\xff\xd8\xff" * 9)
subprocess.Popen(["sleep", "2"], pass_fds=[feed], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
"""
"""A pipe that begins like a JPEG, and a process that keeps it open for a while."""


@pytest.mark.sandboxed
@pytest.mark.parametrize(
    "act",
    [
        "report = 'bukan JSON'",
        "report = '[]'",
        "report = 'x' * 100_000",
        "report['format'] = '../x'",
        "report['size'] = [40000, 30000]",
        "report['colour'] = 'javascript:alert(1)'",
        "del report['texts']",
        "victim.unlink()",
        r"victim.write_bytes(b'<html>\xff\xd8\xff<script>alert(1)</script>')",
        "(folder / 'free-400.webp').write_bytes(b'RIFF0000WAVE')",
        "victim.rename(folder / 'x'); victim.symlink_to(folder / 'x')",
        "victim.rename(folder / 'x'); os.link(folder / 'x', victim)",
        "victim.unlink(); os.mkfifo(victim)",
        FED_PIPE,
        "victim.unlink(); victim.mkdir()",
    ],
)
def test_a_decoder_that_was_taken_over_is_not_believed(refused, monkeypatch, act):
    """Neither its report nor its files are believed. The decoder is replaced by one that was never confined."""
    monkeypatch.setattr(sandbox, "_COMMAND", [sys.executable, "-c", TAKEN_OVER % act])
    assert "cannot be opened safely" in refused(plain())


@pytest.mark.sandboxed
def test_what_a_decoder_may_report_is_believed(store, monkeypatch):
    """The same set-up with an honest decoder, so that the test above can fail."""
    monkeypatch.setattr(sandbox, "_COMMAND", [sys.executable, "-c", TAKEN_OVER % ""])
    assert store(plain()).size == (400, 300)


@pytest.mark.sandboxed
class TestTime:
    """The limit is processor time: on a busy machine a good photo takes long by the clock."""

    def test_a_photo_may_take_long_by_the_clock(self, store, monkeypatch, settings):
        settings.PHOTO_SECONDS = 1
        slow = "import time; time.sleep(1.5); from news.images import decoder; decoder.main()"
        monkeypatch.setattr(sandbox, "_COMMAND", [sys.executable, "-c", slow])
        assert store(plain()).pk

    def test_a_decoder_that_computes_for_ever_is_ended_and_its_photo_refused(self, refused, monkeypatch, settings):
        settings.PHOTO_SECONDS = 1
        endless = "from news.images import decoder\ndef spin(*rest):\n    while True: pass\n"
        monkeypatch.setattr(
            sandbox, "_COMMAND", [sys.executable, "-c", endless + "decoder._open = spin; decoder.main()"]
        )
        assert "too long" in refused(plain())

    def test_a_decoder_that_sleeps_for_ever_is_ended_and_its_photo_may_be_offered_again(
        self, store, files, monkeypatch, settings
    ):
        settings.PHOTO_SECONDS = 1
        monkeypatch.setattr(sandbox, "_CLOCK_FACTOR", 0.5)
        monkeypatch.setattr(sandbox, "_COMMAND", [sys.executable, "-c", "import time; time.sleep(60)"])
        with pytest.raises(sandbox.DecoderBusy):
            store(plain())
        assert files() == []


def test_the_sandboxed_process_knows_no_framework():
    code = "import sys, news.images.decoder; print(sorted(m for m in sys.modules if m.split('.')[0] == 'django'))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_refusals_are_in_the_persons_language(tree, store, settings):
    settings.LANGUAGE_CODE = "id"
    with pytest.raises(sandbox.PhotoRejected) as caught:
        store(b"%PDF-1.7\n" + io.BytesIO().read())
    assert "Ini berkas PDF" in caught.value.messages[0]
