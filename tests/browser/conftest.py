"""A real Chromium against real gunicorn processes."""

import os

import pytest

from tests.server import Server


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "en-US", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="session")
def server():
    with Server(os.environ.get("DATABASE_URL", "")) as running:
        running.run("-m", "tests.seed")
        yield running
