"""Nobody finds an unpublished photo by guessing, and a withdrawn one is gone: asked of the running server.

    python -m benchmarks.enumeration [--photos 1000] [--guesses 100000]

The guesses are random keys, small numbers, hashes of ids, of file names and of the files themselves, and keys one bit
away from real ones. Before them every real address is asked once, so that the count of 0 below means something. Exit
status 1 if a guess found a photo, or if any address of a withdrawn article's photos still answers.
"""

import argparse
import hashlib
import http.client
import os
import random
import secrets
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.server import Server

CLIENTS = 8
WITHDRAWN = 20
"""Stories that are published and withdrawn."""


class Reader:
    """Asks for addresses over connections that stay open, one for each thread."""

    def __init__(self, server: Server):
        self.server, self.local = server, threading.local()

    def status(self, path: str) -> int:
        if not hasattr(self.local, "connection"):
            self.local.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        return self.server.get(path, "", self.local.connection)

    def answering(self, paths: list[str]) -> int:
        with ThreadPoolExecutor(CLIENTS) as pool:
            return sum(status != 404 for status in pool.map(self.status, paths, chunksize=200))


def guesses(photos: list, count: int) -> Iterator[str]:
    rng = random.Random(3)
    names = ("share.jpg", "free-480.webp", "free-1080.webp", "1x1-224.webp", "16x9-768.webp")
    keys = [f"{number:032x}" for number in range(2000)]
    for photo in photos:
        texts = (str(photo.pk), f"photo-{photo.pk}", photo.original.name, photo.created_at.isoformat())
        keys += [hashlib.md5(text.encode()).hexdigest() for text in texts]
        keys += [photo.sha256[:32], photo.sha256[32:], photo.original.name[:32]]
        keys += [f"{int(photo.rendition_key, 16) ^ (1 << rng.randrange(128)):032x}" for _bit in range(20)]
    keys += [secrets.token_hex(16) for _number in range(max(0, count - len(keys)))]
    return (f"/media/{key}/{rng.choice(names)}" for key in keys[:count])


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    options.add_argument("--photos", type=int, default=1_000)
    options.add_argument("--guesses", type=int, default=100_000)
    asked = options.parse_args()
    with Server() as server:
        os.environ.update(server.env)
        import django

        django.setup()
        from news.demo import builders
        from news.images import rendition_specs, uploads
        from news.publishing import workflow
        from tests.conftest import photo_file

        network = builders.make_network()
        region = builders.make_region("payakumbuh", network)
        rng = random.Random(2)
        photos = [
            uploads.store(
                photo_file((300, 200), "#" + rng.randbytes(3).hex()), region=region, user=None, alt=f"Foto {number}"
            )
            for number in range(asked.photos)
        ]
        reader = Reader(server)
        real = reader.answering([photo.share_url for photo in photos])
        found = reader.answering(list(guesses(photos, asked.guesses)))

        chief = builders.make_user("pemred", "chief_editor", region)
        public = []
        for photo in photos[:WITHDRAWN]:
            story = builders.make_live(region, lead_photo=photo)
            public += [photo._url(name) for name in rendition_specs.names(photo.rendition_manifest)]
            if photo is photos[0]:
                before = reader.answering(public)
            workflow.withdraw(story, actor=chief, reason="Keterangan narasumber tidak benar.")
        after = reader.answering(public)
    print(
        f"{asked.photos} unpublished photos, of which {real} answer at their own address; {asked.guesses:,} guesses "
        f"find {found}\n{WITHDRAWN} withdrawn stories: {len(public)} addresses of their photos, {after} answer"
        f" (one story's before: {before})"
    )
    return 0 if real == asked.photos and before and not found and not after else 1


if __name__ == "__main__":
    sys.exit(main())
