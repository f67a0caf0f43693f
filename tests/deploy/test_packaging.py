"""What an install consists of: systemd's units, the folders, the script that puts them in their places."""

import re
import shutil
import subprocess

import pytest

from pekon.doctor.checks import timers
from tests.server import ROOT

UNITS = sorted(path.name for path in (ROOT / "deploy" / "systemd").glob("pekon*.*") if path.is_file())
ANALYZE = shutil.which("systemd-analyze")
MOST_EXPOSURE = 1.6
"""Of ten, as `systemd-analyze security` counts. Below 2 it says "OK"; a service without any setting has 9.6."""
INSTANCES = {"pekon-web@": "1", "pekon-worker@": "1", "pekon-nightly@": "empty_bin"}
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd is not installed")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder that looks like the root of a machine after deploy/install.sh."""
    root = tmp_path_factory.mktemp("root")
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DESTDIR": str(root), "PREFIX": "/opt/koran"}
    environment |= {"DOMAIN": "koran.example", "EMAIL_URL": "console:", "RELEASE": "9.9"}
    for _time in range(2):  # the second time it finds everything done
        command = [str(ROOT / "deploy" / "install.sh")]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return root


def instance(unit):
    name, at, kind = unit.partition("@.")
    return f"{name}@{INSTANCES[name + '@']}.{kind}" if at else unit


def test_an_install_has_its_places_and_its_names_everywhere(installed):
    env = (installed / "opt/koran/.env").read_text()
    assert "DOMAIN=koran.example\n" in env
    assert re.search(r"^SECRET_KEY=[0-9a-f]{80}$", env, re.MULTILINE)
    assert (installed / "opt/koran/current").readlink().as_posix() == "releases/9.9"
    assert (installed / "opt/koran/releases/9.9/.env").readlink().as_posix() == "/opt/koran/.env"
    written = [*(installed / "etc").rglob("*.*"), installed / "usr/local/bin/pekon-manage"]
    texts = "\n".join(path.read_text("utf-8") for path in written if path.is_file())
    assert "/srv/pekon" not in texts
    assert "pekon.web.id" not in texts
    assert "server_name redaksi.koran.example;" in texts


def test_an_env_file_is_never_overwritten(installed):
    kept = installed / "opt/koran/.env"
    before = kept.read_text()
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DESTDIR": str(installed), "PREFIX": "/opt/koran"}
    subprocess.run(
        [str(ROOT / "deploy" / "install.sh")], env=environment | {"RELEASE": "9.9", "EMAIL_URL": "other:"}, check=True
    )
    assert kept.read_text() == before
    assert kept.stat().st_mode & 0o777 == 0o640


def test_a_dry_run_writes_nothing(tmp_path):
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PREFIX": str(tmp_path / "koran")}
    environment |= {"DOMAIN": "koran.example", "EMAIL_URL": "console:"}
    command = [str(ROOT / "deploy" / "install.sh"), "--dry-run"]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert "pip install" in said
    assert list(tmp_path.iterdir()) == []


@needs_systemd
def test_systemd_understands_every_unit(installed):
    for unit in UNITS:
        checked = subprocess.run(
            [ANALYZE, "verify", f"--root={installed}", "--man=no", "--recursive-errors=no", instance(unit)],
            capture_output=True,
            text=True,
            check=False,
        )
        ours = [line for line in checked.stderr.splitlines() if "pekon" in line and "is not executable" not in line]
        assert ours == [], unit


@needs_systemd
@pytest.mark.parametrize("unit", [name for name in UNITS if name.endswith(".service")])
def test_services_are_confined(installed, unit):
    said = subprocess.run(
        [ANALYZE, "security", "--offline=true", f"--root={installed}", "--no-pager", instance(unit)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    exposure = float(re.search(r"Overall exposure level for .*: ([\d.]+)", said)[1])
    assert exposure <= MOST_EXPOSURE, said


def test_the_calls_that_confine_photos_are_allowed():
    """Debian 12's @system-service has neither (docs/operate.md, "Photos")."""
    text = (ROOT / "deploy/systemd/pekon-.service.d/pekon.conf").read_text()
    allowed = re.findall(r"^SystemCallFilter=(@.*)$", text, re.MULTILINE)[0].split()
    assert {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "seccomp"} <= set(allowed)


def test_every_command_that_a_timer_starts_exists():
    from django.core.management import get_commands

    script = (ROOT / "deploy" / "install.sh").read_text()
    nightly = re.search(r"for command in ([\w ]+); do", script)[1].split()
    assert set(nightly) <= set(get_commands())
    assert {"empty_bin", "clearsessions"} <= set(nightly)
    assert {name for name in get_commands() if name.startswith("prune_")} == {
        n for n in nightly if n.startswith("prune_")
    }
    assert {*nightly, "renditions"} == set(timers.NIGHTLY), "the doctor asks after each of them"
