"""gunicorn's configuration: settings from the file .env, and log lines that are all in UTC."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.server import ROOT, Server, free_port

READ = """
import json, runpy, sys
config = runpy.run_path(sys.argv[1])
print(json.dumps({name: config[name] for name in ("bind", "workers", "threads")}))
"""


def read(folder, **environment):
    conf = folder / "deploy" / "gunicorn.conf.py"
    conf.parent.mkdir(exist_ok=True)
    shutil.copy(ROOT / "deploy" / "gunicorn.conf.py", conf)
    kept = {"PATH": os.environ["PATH"]} | environment
    done = subprocess.run(
        [sys.executable, "-c", READ, str(conf)], env=kept, cwd=folder, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_settings_in_the_env_file_reach_gunicorn(tmp_path):
    assert read(tmp_path)["bind"] == "127.0.0.1:8000"
    (tmp_path / ".env").write_text("BIND=127.0.0.1:9001\nWORKERS=3\nTHREADS=7\n")
    assert read(tmp_path) == {"bind": "127.0.0.1:9001", "workers": 3, "threads": 7}
    assert read(tmp_path, THREADS="9") == {"bind": "127.0.0.1:9001", "workers": 3, "threads": 9}


@pytest.mark.server
@pytest.mark.xdist_group("server")
def test_every_log_line_says_utc_whatever_the_zones_of_machine_and_site():
    with Server(TZ="Asia/Jayapura", TIME_ZONE="Asia/Makassar", DATABASE_POOL="false") as server:
        server.run("-c", "import django; django.setup()")
        lines = (server.folder / "gunicorn.log").read_text().splitlines()
    assert len(lines) > 2
    assert [line for line in lines if not re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Z]+ ", line)] == []


def test_the_format_of_log_lines_in_the_env_file_reaches_gunicorns_own(tmp_path):
    for name in ("deploy", "pekon"):
        (tmp_path / name).mkdir()
        for path in (ROOT / name).glob("*.py"):
            shutil.copy(path, tmp_path / name)
    (tmp_path / ".env").write_text(f"LOG_FORMAT=json\nBIND=127.0.0.1:{free_port()}\n")
    (tmp_path / "pekon" / "wsgi.py").write_text("raise SystemExit(3)\n")
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "pekon.wsgi"]
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "Starting gunicorn" in json.loads(done.stderr.splitlines()[0])["event"]
