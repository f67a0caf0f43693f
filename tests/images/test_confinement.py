"""A decoder that was taken over reaches nothing: the test tries files, links, sockets, programs, processes and secrets.

The attack runs where a hostile file would strike, inside the real process at the moment in which the first byte of the
file would be read. The same attack without confinement succeeds, so each line below can fail.
"""

import json
import logging
import os
import sys

import pytest
from django.core.checks import run_checks

from news.images import confinement, sandbox
from news.images.models import Photo

from .pictures import plain

pytestmark = pytest.mark.sandboxed
needs_kernel = pytest.mark.skipif(bool(confinement.missing()), reason=f"the kernel lacks {confinement.missing()}")

ATTACK = r"""
import io, json, os, resource, socket, sys, threading
from pathlib import Path
from news.images import confinement, decoder

given = json.loads(%r)
secret, other, parent = Path(given["secret"]), Path(given["other"]), given["parent"]


def fork():
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)


def execute():
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(pid, 0)


def through_a_symlink():
    (folder / "link.jpg").symlink_to(secret)
    return (folder / "link.jpg").read_text()


def connect(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as client:
        client.connect_ex(address)


def attack(file, pixels):
    attempts = {
        "read the secret": secret.read_text,
        "read /etc/passwd": Path("/etc/passwd").read_text,
        "read the settings' module": Path(given["settings"]).read_text,
        "read the parent's environment": Path(f"/proc/{parent}/environ").read_bytes,
        "read its own memory": lambda: open("/proc/self/mem", "rb").close(),
        "list a folder": lambda: os.listdir(secret.parent),
        "read through a symlink": through_a_symlink,
        "read through a symlink that was there": Path(given["link"]).read_text,
        "make a hard link": lambda: os.link(secret, folder / "hard.jpg"),
        "move the secret": lambda: os.rename(other, folder / "moved.jpg"),
        "make a pipe": lambda: os.mkfifo(folder / "pipe.jpg"),
        "write elsewhere": lambda: (secret.parent / "new").write_text("x"),
        "change a file": lambda: secret.open("a").close(),
        "empty a file": lambda: os.truncate(given["victim"], 0),
        "delete a file": lambda: os.unlink(given["victim"]),
        "change a file's mode": lambda: os.chmod(secret, 0o644),
        "open an internet socket": lambda: connect(socket.AF_INET, ("127.0.0.1", 9)),
        "open a socket for datagrams": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close(),
        "open a local socket": lambda: connect(socket.AF_UNIX, "/nowhere"),
        "open a pair of sockets": lambda: [end.close() for end in socket.socketpair()],
        "fork": fork,
        "run a program": execute,
        "signal its parent": lambda: os.kill(parent, 0),
        "take a handle of its parent": lambda: os.close(os.pidfd_open(parent)),
        "make a file in memory": lambda: os.close(os.memfd_create("x")),
        "change its limits": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
        "start a thread": lambda: (thread := threading.Thread(target=int), thread.start(), thread.join()),
        "write a rendition": lambda: (folder / "free-1.webp").write_bytes(b"x"),
        "read that rendition": (folder / "free-1.webp").read_bytes,
    }
    results = {"environment": sorted(os.environ)}
    for name, attempt in attempts.items():
        try:
            attempt()
        except OSError as error:
            results[name] = False
        else:
            results[name] = True
    raise decoder.DecodeError(json.dumps(results))


request = sys.stdin.read()
folder = Path(json.loads(request)["folder"])
sys.stdin = io.StringIO(request)
decoder._open = attack
if given["free"]:
    confinement.confine = lambda folder: None
decoder.main()
"""
STAYS = {"start a thread", "write a rendition", "read that rendition"}
"""What a decoder needs, and so must still be possible."""


@pytest.fixture
def attack(tmp_path, monkeypatch, settings):
    """`attack(free=False)`: name of an attempt → whether it succeeded."""
    source, folder = tmp_path / "photo.jpg", tmp_path / "renditions"
    source.write_bytes(plain())

    def run(free: bool) -> dict:
        place = tmp_path / ("free" if free else "confined")
        place.mkdir()
        folder.mkdir(exist_ok=True)
        for name in ("secret-key", "other", "victim"):
            (place / name).write_text("rahasia")
        (folder / "planted.jpg").unlink(missing_ok=True)
        (folder / "planted.jpg").symlink_to(place / "secret-key")
        given = {
            "secret": str(place / "secret-key"),
            "other": str(place / "other"),
            "victim": str(place / "victim"),
            "link": str(folder / "planted.jpg"),
            "settings": str(settings.BASE_DIR / "pekon" / "settings.py"),
            "parent": os.getpid(),
            "free": free,
        }
        monkeypatch.setattr(sandbox, "_COMMAND", [sys.executable, "-c", ATTACK % json.dumps(given)])
        request = {"source": str(source), "folder": str(folder), "memory": 512 * 2**20, "seconds": 8, "pixels": 10**6}
        results = json.loads(sandbox._run(request)["refused"])
        if not free:
            assert [(place / name).read_text() for name in ("secret-key", "other", "victim")] == ["rahasia"] * 3
            assert sorted(path.name for path in folder.iterdir() if path.name.startswith(("free-1", "planted"))) == [
                "free-1.webp",
                "planted.jpg",
            ]
        return results

    return run


@needs_kernel
def test_a_decoder_that_was_taken_over_reaches_nothing(attack, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "rahasia")
    monkeypatch.setenv("DATABASE_URL", "postgres://rahasia")
    results = attack(free=False)
    environment = results.pop("environment")
    assert environment == ["LC_ALL", "MALLOC_ARENA_MAX", "OMP_NUM_THREADS", "PATH"]
    assert {name for name, succeeded in results.items() if succeeded} == STAYS


def test_each_attempt_would_succeed_without_confinement(attack):
    results = attack(free=True)
    del results["environment"]
    assert {name for name, succeeded in results.items() if not succeeded} == set()


@needs_kernel
def test_a_process_with_other_threads_is_not_confined_by_half():
    code = (
        "import threading, time; from pathlib import Path; from news.images import confinement\n"
        "threading.Thread(target=time.sleep, args=(30,), daemon=True).start()\n"
        "try: confinement.confine(Path('/tmp'))\n"
        "except confinement.ConfinementError: print('refused')"
    )
    from tests.server import ROOT

    done = sandbox.subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "refused"


@needs_kernel
def test_where_confinement_fails_the_upload_is_refused(refused, monkeypatch):
    """The kernel has confinement and applying it fails: the file is not opened."""
    broken = (
        "from news.images import confinement, decoder\n"
        "confinement._RULE_PATH_BENEATH = 99\n"  # no such rule
        "decoder.main()"
    )
    monkeypatch.setattr(sandbox, "_COMMAND", [sys.executable, "-c", broken])
    assert "cannot be opened safely" in refused(plain())


def test_a_machine_without_it_says_so(store, monkeypatch, caplog):
    """It is said in the log, once in each process, and in `check --deploy`; photos are accepted all the same."""
    assert [check for check in run_checks(include_deployment_checks=True) if check.id == "images.W001"] == []
    monkeypatch.setattr(confinement, "missing", lambda: ["Landlock", "seccomp"])
    sandbox.warn_if_unconfined.cache_clear()
    with caplog.at_level(logging.WARNING, "news.images.sandbox"):
        store(plain())
        store(plain(colour="navy"))
    sandbox.warn_if_unconfined.cache_clear()
    assert [
        record.getMessage() for record in caplog.records if "without Landlock and seccomp" in record.getMessage()
    ] == ["Uploaded photos are opened without Landlock and seccomp: see check images.W001"]
    found = [check for check in run_checks(include_deployment_checks=True) if check.id == "images.W001"]
    assert ["Landlock and seccomp" in check.msg for check in found] == [True]
    assert Photo.objects.count() == 2
