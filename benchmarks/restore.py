"""A large installation is backed up, and restored on a blank machine: how long, and whether all of it is there.

    python -m benchmarks.restore [--stories 100000] [--photos 2000] [--database-url postgres://…]

Stories are those of benchmarks.fill. Photos are one picture of the demo as a phone saves it, each with a number in it
that makes it another file. After the backup five stories are withdrawn: they must stay withdrawn. Everything runs as an
operator runs it; the database is a new one on the server that `--database-url` names, or SQLite. Exit status 1 if
anything is missing or comes back.
"""

import argparse
import hashlib
import io
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageOps

from tests.backup import sites

MARKET = Path(__file__).resolve().parent.parent / "news" / "demo" / "photos" / "sb-02.avif"
WITHDRAWN = 5
PHOTOS = """
import sys, django; django.setup()
from pathlib import Path
from news.images.models import Photo
from news.images.renditions import new_key
from regions.models import Region
region = Region.objects.exclude(parent=None).first()
Photo.objects.bulk_create(
    [
        Photo(region=region, original=name, sha256=sha256, width=1600, height=1067, rendition_key=new_key(),
              rendition_manifest={"free": [360]}, alt="Pasar")
        for name, sha256 in (line.split() for line in sys.stdin)
    ],
    batch_size=500,
)
"""
ACCOUNT = """
import django; django.setup()
from django.contrib.auth.models import User
from news.models import Article
from news.images.models import Photo
User.objects.create_superuser("pemred", "pemred@example.org", "x")
filed = Photo.objects.filter(alt="Pasar").first()
Article.objects.update(lead_photo=filed)
Photo.objects.exclude(alt="Pasar")._raw_delete("default")
"""
TITLES = "SELECT title FROM news_article ORDER BY published_at DESC, id DESC LIMIT {}"
COUNTS = ("news_article", "news_placement", "news_taggedplacement", "news_byline", "images_photo", "regions_region")


def photos(count: int, folder: Path) -> list[tuple[str, str]]:
    """Write the originals; returns the name and SHA-256 of each."""
    with Image.open(MARKET) as market:
        scene = ImageOps.fit(market.convert("RGB"), (1600, 1067), Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    scene.save(buffer, "JPEG", quality=92)
    jpeg = buffer.getvalue()
    written = []
    for number in range(count):
        comment = f"photo {number}".encode()
        content = jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]
        name, digest = f"{number:032x}.jpeg", hashlib.sha256(content).hexdigest()
        (folder / name).write_bytes(content)
        written.append((name, digest))
    return written


class Clock:
    """Prints how long each step took."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def done(self, what: str) -> None:
        now = time.monotonic()
        print(f"| {what} | {now - self.began:.1f} s |", flush=True)
        self.began = now


def fill(site: sites.Site, stories: int, count: int) -> None:
    site.run("-m", "benchmarks.fill", "--stories", str(stories))
    originals = site.folder / "originals"
    originals.mkdir(exist_ok=True)
    rows = "\n".join(" ".join(row) for row in photos(count, originals))
    site.run_with(PHOTOS, rows)
    site.run("-c", ACCOUNT)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--stories", type=int, default=100_000)
    options.add_argument("--photos", type=int, default=2_000)
    options.add_argument("--database-url", default="")
    options.add_argument("--key", action="store_true", help="encrypt")
    asked = options.parse_args()
    wrong = []
    with tempfile.TemporaryDirectory(prefix="pekon-restore-") as folder:
        target = str(Path(folder) / "target")
        settings = {"BACKUP_TO": target} | ({"BACKUP_KEY": sites.new_key()} if asked.key else {})
        with (
            sites.filled(asked.database_url, seed="", **settings) as site,
            sites.blank(asked.database_url, **settings) as other,
        ):
            clock = Clock()
            fill(site, asked.stories, asked.photos)
            clock.done(f"filled with {asked.stories:,} stories and {asked.photos:,} photos")
            site.manage("backup")
            clock.done("first backup")
            site.manage("backup")
            clock.done("the next one")
            titles = [row[0] for row in site.sql(TITLES.format(WITHDRAWN))]
            counts = {table: site.sql(f"SELECT count(*) FROM {table}") for table in COUNTS}
            addresses = [site.run("-c", sites.WITHDRAW, title).split()[1] for title in titles]
            site.run("-c", "import django; django.setup(); from pekon.tombstones import places; places.store_missing()")
            hosts = site.sql(
                "SELECT r.subdomain FROM news_article a JOIN regions_region r ON r.id = a.region_id "
                "WHERE a.status = 'withdrawn' ORDER BY a.published_at DESC, a.id DESC"
            )
            clock.done(f"{WITHDRAWN} stories withdrawn")
            print(other.manage("restore", target).strip())
            clock.done("restored on an empty database and folder, every checksum verified")
            for table in ("news_article", "news_byline", "images_photo", "regions_region"):
                if other.sql(f"SELECT count(*) FROM {table}") != counts[table]:
                    wrong.append(f"{table} has another number of rows")
            if other.files() != site.files():
                wrong.append("the originals differ")
            asked_for = [(f"{host}.{sites.DOMAIN}", path) for (host,), path in zip(hosts, addresses, strict=True)]
            answers = [status for status, _body in other.ask(*asked_for)]
            if answers != [410] * WITHDRAWN:
                wrong.append(f"withdrawn stories answer {answers}")
            clock.done("compared; what was withdrawn after the backup answers 410")
            site.static()
            print(site.manage("backup", "--drill").strip())
            clock.done("drill")
    for line in wrong:
        print(f"WRONG: {line}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
