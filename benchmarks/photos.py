"""Photos: time, memory and bytes from an upload to its renditions, beside Pillow's easy and stock settings; and 200
photos with positions in EXIF, XMP and IPTC, of which no byte may be found in what readers get.

    python -m benchmarks.photos [--photos 200] [--megapixels 3 12 50]

Memory is the decoder process's peak resident size. The same pixels, as a JPEG of a phone's quality, go through all ways
in the same run. Exit status 1 if a coordinate was found or a credit lost.
"""

import argparse
import io
import json
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import ExifTags, Image, ImageChops, ImageOps
from PIL.PngImagePlugin import PngInfo

ROOT = Path(__file__).resolve().parent.parent
MARKET = ROOT / "news" / "demo" / "photos" / "sb-02.avif"
FORMATS = ("JPEG", "JPEG", "JPEG", "PNG", "JPEG", "JPEG", "JPEG", "WEBP", "JPEG", "AVIF")
SIZES = {3: (2048, 1536), 12: (4032, 3024), 50: (8160, 6120)}
STOCK = """
import json, sys
from PIL import Image
source, folder, widths, formats, draft = json.load(sys.stdin)
image = Image.open(source)
if draft:
    image.draft("RGB", (max(widths), max(widths)))
image = image.convert("RGB")
for width in widths:
    small = image.resize((width, round(width * image.height / image.width)))
    for format in formats:
        small.save(f"{folder}/free-{width}.{format}")
"""
"""What a tutorial writes: open, resize, save, with every setting as Pillow has it."""


def photo(megapixels: int) -> bytes:
    """A market from the demo, with a sensor's grain, as a phone would save it."""
    size = SIZES[megapixels]
    with Image.open(MARKET) as market:
        scene = ImageOps.fit(market.convert("RGB"), size, Image.Resampling.BICUBIC)
    grain = Image.effect_noise(size, 14).convert("RGB")
    buffer = io.BytesIO()
    ImageChops.add(scene, grain, scale=1, offset=-128).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


LAUNCHER = """
import os, resource, subprocess, sys, time
begun = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(code, time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""A small process between: Linux counts what the parent had in memory as the child's, and this one has little."""


def run(command: list[str], request: object) -> tuple[float, float]:
    """Seconds and the peak of resident memory (MB) of one process that is given `request`."""
    launched = [sys.executable, "-S", "-c", LAUNCHER, *command]
    done = subprocess.run(launched, input=json.dumps(request), capture_output=True, text=True, cwd=ROOT, check=True)
    code, seconds, memory = done.stdout.split()
    assert code == "0", done.stderr
    return float(seconds), int(memory) / 1024


def speed(megapixels: list[int]) -> None:
    from news.images import rendition_specs

    sizes: dict[str, dict[int, int]] = {}
    print("| photo | way | seconds | MB | files | bytes |\n|---|---|---:|---:|---:|---:|")
    for number in megapixels:
        with tempfile.TemporaryDirectory() as top:
            source = Path(top) / "photo.jpg"
            source.write_bytes(photo(number))
            widths = rendition_specs.full(SIZES[number], rendition_specs.CENTRE)["free"]
            ours = {"source": str(source), "focus": [50, 40], "texts": True, "pixels": 60_000_000}
            limits = {"memory": 512 * 2**20, "seconds": 60}
            decoder = [sys.executable, "-m", "news.images.decoder"]
            stock = [sys.executable, "-c", STOCK]
            ways: list[tuple[str, list[str], object]] = [
                ("Pekon, first renditions", decoder, ours | limits | {"first": True}),
                ("Pekon, all", decoder, ours | limits | {"first": False}),
                ("stock Pillow, one uncropped set, WebP", stock, [widths, ["webp"], False]),
                ("stock Pillow, one uncropped set, AVIF and WebP", stock, [widths, ["avif", "webp"], False]),
                ("the same with draft()", stock, [widths, ["avif", "webp"], True]),
                ("stock Pillow, one uncropped set, JPEG", stock, [widths, ["jpg"], False]),
            ]
            for way, command, request in ways:
                folder = Path(top) / way.replace(" ", "-").replace(",", "")
                folder.mkdir()
                if isinstance(request, dict):
                    request = request | {"folder": str(folder)}
                elif isinstance(request, list):
                    request = [str(source), str(folder), *request]
                seconds, memory = min(run(command, request) for _attempt in range(3))
                files = list(folder.iterdir())
                total = sum(path.stat().st_size for path in files)
                size = f"{number} MP, {source.stat().st_size / 1e6:.1f} MB"
                print(f"| {size} | {way} | {seconds:.2f} | {memory:.0f} | {len(files)} | {total:,} |")
                if number == 12:
                    for path in files:
                        if path.name.startswith(("free", "share")):
                            sizes.setdefault(f"{way}, {path.suffix[1:]}", {})[_width(path)] = path.stat().st_size
    if sizes:
        columns = sorted({width for found in sizes.values() for width in found})
        print("\n| 12 MP, uncropped, bytes | " + " | ".join(f"{width} px" for width in columns) + " |")
        print("|---|" + "---:|" * len(columns))
        for way, found in sizes.items():
            print(f"| {way} | " + " | ".join(f"{found[w]:,}" if w in found else "" for w in columns) + " |")


def _width(path: Path) -> int:
    return int(path.stem.split("-")[1]) if "-" in path.stem else 1200


# --- 200 photos with positions ------------------------------------------------------------------------------------


def located(number: int, format: str) -> tuple[bytes, list[bytes], str]:
    """A photo that says in three ways where it was taken; the bytes of that, and its credit."""
    credit = f"Pewarta {number}"
    latitude, longitude = 0.2 + number / 1000, 100.6 + number / 1000
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = credit
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {1: "S", 2: (0.0, 13.0, 28.0 + number / 10), 3: "E", 4: (100.0, 37.0, 58.0 + number / 10)}
    )
    place = f"{latitude:.6f}S {longitude:.6f}E"
    xmp = (
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description xmlns:exif='http://ns.adobe.com/exif/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/' "
        f"exif:GPSLatitude='{latitude:.6f}S' exif:GPSLongitude='{longitude:.6f}E'><dc:creator><rdf:Seq><rdf:li>{credit}"
        "</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()
    colour = (number % 256, 90, 200 - number % 100)
    options: dict[str, object] = {"exif": exif, "xmp": xmp}
    if format == "PNG":
        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options = {"exif": exif, "pnginfo": info}
    buffer = io.BytesIO()
    Image.new("RGB", (1400 + number, 1000), colour).save(buffer, format, **options)
    content = buffer.getvalue()
    if format == "JPEG":
        data = b"".join(
            b"\x1c\x02" + bytes([key]) + struct.pack(">H", len(text)) + text
            for key, text in ((80, credit.encode()), (92, place.encode()))
        )
        head = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(data))
        block = head + data + b"\x00" * (len(data) % 2)
        content = content[:2] + b"\xff\xed" + struct.pack(">H", len(block) + 2) + block + content[2:]
    traces = [f"{latitude:.6f}".encode(), f"{longitude:.6f}".encode(), b"GPSLatitude", b"GPSLongitude", place.encode()]
    return content, traces, credit


def privacy(count: int) -> bool:
    """Whether no trace is found, and every credit is kept."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from news.demo import builders
    from news.images import renditions, storage, uploads
    from news.images.models import Photo

    region, found, kept, files, with_gps, in_xmp, in_iptc = builders.make_network(), 0, 0, 0, 0, 0, 0
    for number in range(count):
        content, traces, credit = located(number, FORMATS[number % len(FORMATS)])
        in_xmp += traces[2] in content
        in_iptc += traces[4] in content
        with_gps += bool(Image.open(io.BytesIO(content)).getexif().get_ifd(ExifTags.IFD.GPSInfo))
        photo = uploads.store(SimpleUploadedFile("x.jpg", content), region=region, user=None)
        first = photo.rendition_key
        renditions.make(photo)
        kept += Photo.objects.get(pk=photo.pk).credit == credit
        for key in (first, photo.rendition_key):
            for name in storage.public().listdir(key)[1]:
                with storage.public().open(f"{key}/{name}") as file:
                    public = file.read()
                files += 1
                image = Image.open(io.BytesIO(public))
                gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo) or any(trace in public for trace in traces)
                found += bool(gps or {"exif", "xmp"} & set(image.info))
    print(
        f"\n{count} photos, {with_gps} with a position in EXIF, {in_xmp} in XMP, {in_iptc} in IPTC: "
        f"{files} public files, coordinates in {found}; credit kept {kept} times"
    )
    return found == 0 and kept == with_gps == count


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    options.add_argument("--photos", type=int, default=200)
    options.add_argument("--megapixels", type=int, nargs="+", default=list(SIZES))
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="pekon-photos-") as folder:
        os.environ |= {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "DEBUG": "true"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pekon.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        speed(asked.megapixels)
        return 0 if privacy(asked.photos) else 1


if __name__ == "__main__":
    sys.exit(main())
