"""Hostile and broken files against the running server: bombs, cut-off files, polyglots, headers changed at random.

    python -m benchmarks.hostile [--files 600]

Every file is uploaded as a browser uploads it, to gunicorn's own processes. Counted are its answers, the slowest, the
largest decoder (sampled every 10 ms), and whether any of gunicorn's processes ended. Exit status 1 if one did, if a
limit was passed, if a refusal had no words, or if a byte of a file's payload is in what readers could get.
"""

import argparse
import http.client
import io
import json
import os
import random
import struct
import sys
import threading
import time
import zlib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from tests.server import Server

PAYLOAD = b"KENARI<script>alert(1)</script><?php system('id') ?>"
MEMORY, SECONDS = 512, 10  # most MB and seconds that a file may take
REPORTER = "reporter"


def encoded(image: Image.Image, format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, kind: int, data: bytes, *extra: bytes, depth: int = 8) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def bombs() -> Iterator[bytes]:
    yield png(60_000, 60_000, 2, b"")
    yield png(2**31 - 1, 2**31 - 1, 2, b"")
    yield png(7_700, 7_700, 6, zlib.compress(bytes((7_700 * 4 + 1) * 7_700), 9))  # 237 MB in 230 KB
    yield png(7_700, 7_700, 6, zlib.compress(bytes((7_700 * 8 + 1) * 7_700), 9), depth=16)
    yield png(400, 300, 2, zlib.compress(bytes(300_000_000), 9))  # more pixels than it says
    text = zlib.compress(b"A" * 300_000_000, 9)
    for name in (b"zTXt", b"iTXt", b"iCCP"):
        body = b"Comment\x00\x00" + text if name != b"iTXt" else b"Comment\x00\x01\x00\x00\x00" + text
        yield png(40, 30, 2, zlib.compress(bytes(121 * 30), 9), chunk(name, body))
    plain = encoded(Image.new("RGB", (64, 64), "teal"), "JPEG")
    frame = plain.index(b"\xff\xc0")
    yield plain[: frame + 5] + struct.pack(">HH", 65_500, 65_500) + plain[frame + 9 :]
    yield plain[: frame + 5] + struct.pack(">HH", 7_700, 7_700) + plain[frame + 9 :]
    for image in (Image.effect_noise((3000, 2000), 60), Image.new("L", (7_700, 7_700), 90)):
        scans = encoded(image, "JPEG", progressive=True, quality=60)
        again = scans[scans.rindex(b"\xff\xda") : -2]
        more = (25_000_000 - len(scans)) // len(again)  # each is one more pass over the photo
        yield scans[:-2] + again * more + b"\xff\xd9"
    for size in ((16_383, 16_383), (7_700, 7_700)):
        webp = bytearray(encoded(Image.new("RGB", (64, 64)), "WEBP"))
        at = webp.index(b"\x9d\x01\x2a") + 3
        webp[at : at + 4] = struct.pack("<HH", *size)
        yield bytes(webp)
    avif = bytearray(encoded(Image.new("RGB", (64, 64)), "AVIF"))
    at = avif.index(b"ispe") + 8
    for size in ((60_000, 60_000), (7_700, 7_700), (0, 0)):
        avif[at : at + 8] = struct.pack(">II", *size)
        yield bytes(avif)
    yield encoded(Image.new("RGB", (64, 64)), "WEBP", save_all=True, append_images=[Image.new("RGB", (64, 64), "red")])
    yield encoded(Image.new("RGB", (64, 64)), "JPEG", xmp=b"<x:xmpmeta xmlns:x='a'>" + b"<a>" * 9000)
    entities = b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 9) for n in range(1, 9))
    bomb = b"<!DOCTYPE x [<!ENTITY a0 'AAAA'>" + entities + b"]><x:xmpmeta xmlns:x='a'>&a8;</x:xmpmeta>"
    yield encoded(Image.new("RGB", (64, 64)), "JPEG", xmp=bomb)
    yield encoded(Image.new("RGB", (100, 60_000)), "PNG")


def polyglots() -> Iterator[bytes]:
    image = Image.new("RGB", (300, 200), "teal")
    for format in ("JPEG", "PNG", "WEBP", "AVIF"):
        yield encoded(image, format) + PAYLOAD
    yield encoded(image, "JPEG", comment=PAYLOAD)
    yield encoded(image, "JPEG", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08" + PAYLOAD)
    yield encoded(image, "JPEG", xmp=PAYLOAD)
    yield encoded(image, "JPEG", icc_profile=PAYLOAD * 9)
    yield b"GIF89a" + PAYLOAD
    yield b"\xff\xd8\xff\xe0" + PAYLOAD
    yield b"%PDF-1.7\n" + PAYLOAD
    yield b"<svg xmlns='http://www.w3.org/2000/svg'>" + PAYLOAD + b"</svg>"
    yield b"<!doctype html>" + PAYLOAD
    yield b"PK\x03\x04" + PAYLOAD


def mutated(count: int) -> Iterator[bytes]:
    rng = random.Random(1)
    noise = Image.effect_noise((400, 300), 60).convert("RGB")
    originals = [encoded(noise, format) for format in ("JPEG", "PNG", "WEBP", "AVIF")]
    originals += [path.read_bytes() for path in Path("tests/images/files").glob("*.heic")]
    originals.append(encoded(noise, "JPEG", progressive=True))
    for number in range(count):
        content = bytearray(originals[number % len(originals)])
        if number % 5 == 0:
            yield bytes(content[: rng.randrange(1, len(content))])
            continue
        for _change in range(rng.choice((1, 1, 2, 5, 40))):
            at = rng.randrange(min(len(content), rng.choice((30, 300, len(content)))))
            match rng.randrange(5):
                case 0:
                    content[at] = rng.randrange(256)
                case 1:
                    content[at] ^= 1 << rng.randrange(8)
                case 2:
                    del content[at : at + rng.randrange(1, 200)]
                case 3:
                    content[at:at] = content[at : at + rng.randrange(1, 200)]
                case 4:
                    content[at : at + 4] = rng.choice((b"\xff" * 4, b"\x00" * 4, b"\x7f\xff\xff\xff", rng.randbytes(4)))
        yield bytes(content) + (PAYLOAD if number % 3 == 0 else b"")


class Reporter:
    """A logged-in browser."""

    def __init__(self, server: Server):
        os.environ.update(server.env)
        import django

        django.setup()
        from django.conf import settings
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore
        from django.middleware.csrf import _get_new_csrf_string

        from news.demo import builders

        self.region = builders.make_region("payakumbuh", builders.make_network())
        user = builders.make_user(REPORTER, "reporter", self.region)
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session.save()
        token = _get_new_csrf_string()
        self.headers = {
            "Host": f"{settings.NEWSROOM_LABEL}.localhost:{server.port}",
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}",
            "X-CSRFToken": token,
        }
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
        own = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, body=body, headers=self.headers | own)
        response = self.connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()

    def upload(self, content: bytes) -> tuple[int, dict[str, object]]:
        """The last answer's status and what it says."""
        about = f"region {b64encode(str(self.region.pk).encode()).decode()}"
        path = "/images/photo/uploads/"
        status, headers, said = self.send(
            "POST", path, Upload_Length=str(len(content)), Upload_Metadata=about, Content_Length="0"
        )
        if status != 201:
            return status, json.loads(said)
        kind = "application/offset+octet-stream"
        for start in range(0, len(content), 2**20):
            piece = content[start : start + 2**20]
            self.send("PATCH", headers["Location"], piece, Upload_Offset=str(start), Content_Type=kind)
        status, _headers, said = self.send("POST", headers["Location"], Content_Length="0")
        return status, json.loads(said)


class Watch(threading.Thread):
    """The decoder processes' largest resident memory, in MB."""

    peak = 0.0

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.01):
            for folder in Path("/proc").glob("[0-9]*"):
                try:
                    if b"news.images.decoder" in (folder / "cmdline").read_bytes():
                        self.peak = max(self.peak, resident(int(folder.name)))
                except OSError:
                    continue


def resident(pid: int) -> float:
    """The most that a process had in memory so far, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024 if "VmHWM:" in status else 0.0


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    options.add_argument("--files", type=int, default=600)
    asked = options.parse_args()
    answers, slowest, wordless, watch = Counter[str](), 0.0, 0, Watch()
    with Server() as server:
        reporter = Reporter(server)
        before = children(server)
        files = [*bombs(), *polyglots()]
        named = len(files)
        files += mutated(max(0, asked.files - named))
        watch.start()
        for content in files:
            begun = time.perf_counter()
            status, said = reporter.upload(content)
            slowest = max(slowest, time.perf_counter() - begun)
            wordless += status not in (200, 413, 422) or (status != 200 and len(str(said.get("error", ""))) < 20)
            answers["taken, encoded anew" if status == 200 else str(said.get("error"))] += 1
        watch.over.set()
        alive = children(server) == before
        web = max(resident(pid) for pid in before) if alive else 0
        public = [path for path in (server.folder / "media").rglob("*") if path.is_file()]
        leaked = [
            path for path in public if any(sign in path.read_bytes() for sign in (b"KENARI", b"<?php", b"<script"))
        ]
    print(f"{len(files)} files ({named} made by hand, the others mutated)")
    for answer, count in answers.most_common():
        print(f"  {count:4}  {answer}")
    print(
        f"slowest {slowest:.1f} s; largest decoder {watch.peak:.0f} MB; gunicorn's processes all alive: {alive}, "
        f"largest {web:.0f} MB; {len(public)} public files, payload in {len(leaked)}; {wordless} refusals without words"
    )
    within = slowest <= SECONDS and watch.peak <= MEMORY and 0 < web <= MEMORY
    return 0 if alive and within and not leaked and not wordless else 1


def children(server: Server) -> set[int]:
    """The process ids of gunicorn's workers."""
    assert server._process
    listed = Path(f"/proc/{server._process.pid}/task/{server._process.pid}/children").read_text()
    return {int(pid) for pid in listed.split()}


if __name__ == "__main__":
    sys.exit(main())
