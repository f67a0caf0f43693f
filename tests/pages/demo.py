"""A server of the demo network, for what looks at it from outside."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.server import Server


@contextmanager
def demo_network(kept: Path) -> Iterator[Server]:
    """A server of the demo network and a region without stories.

    Drawing the demo's photos takes minutes, so what was drawn is kept in the folder `kept` and copied from there.
    """
    server = Server()
    if kept.exists():
        shutil.copytree(kept, server.folder, dirs_exist_ok=True)
    with server:
        if not kept.exists():
            server.run("manage.py", "demo")
            server.run("manage.py", "db_worker", "--batch", "--no-startup-delay", "--interval", "0", "--no-reload")
            server.run("-m", "tests.pages.world", "empty")
            server.kill()
            shutil.copytree(server.folder, kept, ignore=shutil.ignore_patterns("static", "*.log"))
            server.start()
        yield server
