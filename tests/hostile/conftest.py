"""A server whose every text is hostile, and a browser that is watched while it reads them."""

import json
import os
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.browser.conftest import browser_context_args  # noqa: F401
from tests.hostile import size
from tests.hostile.watch import Watched
from tests.server import Server


@pytest.fixture(scope="session")
def hostile() -> Iterator[SimpleNamespace]:
    """`server`, and what `tests.hostile.seed` says of its database."""
    server = Server(os.environ.get("DATABASE_URL", ""))
    server.env["LIST_LENGTH"] = str(size.LIST_LENGTH)
    with server as running:
        yield SimpleNamespace(server=running, **json.loads(running.run("-m", "tests.hostile.seed")))


@pytest.fixture
def watch(hostile, browser, browser_context_args):  # noqa: F811
    """`watch(bypass_csp=…)`: a watched page in an administrator's browser; at the end it must have seen nothing."""
    watched: list[Watched] = []

    def open_page(*, bypass_csp: bool) -> Watched:
        context = browser.new_context(**browser_context_args, bypass_csp=bypass_csp)
        context.add_cookies([hostile.cookie | {"url": hostile.server.url("/", "redaksi")}])
        watched.append(Watched(context, f"localhost:{hostile.server.port}"))
        return watched[-1]

    yield open_page
    for each in watched:
        each.context.close()


@pytest.fixture
def tell(request):
    """`tell(name, number)`: add a number to the test's report, and print it with `-rP`."""

    def say(name: str, number: int) -> None:
        request.node.user_properties.append((name, number))
        sys.stdout.write(f"{number} {name}\n")

    return say
