"""Nothing early, nothing missed: the benchmark's own check, small enough for every run."""

import os
import subprocess
import sys

import pytest

from tests.server import ROOT


@pytest.mark.server
@pytest.mark.databases
@pytest.mark.xdist_group("server")
def test_due_times_hold_while_the_server_is_killed_and_restarted():
    database_url = os.environ.get("DATABASE_URL", "")
    size = ["--stories", "120", "--same-second", "40", "--window", "6"]
    command = [sys.executable, "-m", "benchmarks.due_times", *size]
    if database_url.startswith("postgres"):
        command += ["--database-url", database_url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 early, 0 missed" in done.stdout
