"""One server for all tests of pages."""

import os

import pytest

from tests.pages.readers import find
from tests.server import Server


@pytest.fixture(scope="session")
def pages():
    """`pages(group)`: the addresses of every kind of page, on a server of their own."""
    with Server(os.environ.get("DATABASE_URL", ""), workers=1) as server:
        server.run("-m", "tests.pages.world", "everyday", "empty", "longest")
        yield lambda group: find(server, group)
