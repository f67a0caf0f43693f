"""The small version of benchmarks/guesses.py: real processes, and a guess at a time from ever new addresses."""

import os

import pytest

from benchmarks import guesses

pytestmark = [pytest.mark.server, pytest.mark.databases, pytest.mark.xdist_group("server")]


def test_twenty_passwords_are_looked_at_and_the_owner_gets_in(capsys):
    assert guesses.main(["--guesses", "150", "--rounds", "0", "--database-url", os.environ["DATABASE_URL"]]) == 0
    assert " 10 looked at, 0 opened" in capsys.readouterr().out
