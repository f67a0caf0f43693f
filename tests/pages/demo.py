"""A server of the demo network, for what looks at it from outside."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.server import Server


@contextmanager
def demo_network(made: Path) -> Iterator[Server]:
    """A server of the demo network and a region without articles.

    Making its photos' renditions takes minutes, so what was made is stored in the folder `made` and copied from there.
    """
    server = Server()
    if made.exists():
        shutil.copytree(made, server.folder, dirs_exist_ok=True)
    with server:
        if not made.exists():
            server.run("manage.py", "demo")
            server.run("manage.py", "db_worker", "--batch", "--no-startup-delay", "--interval", "0", "--no-reload")
            server.run("-m", "tests.pages.world", "empty")
            server.kill()
            shutil.copytree(server.folder, made, ignore=shutil.ignore_patterns("static", "*.log"))
            server.start()
        yield server
