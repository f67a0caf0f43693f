"""deploy/upgrade.sh where it is interrupted. `make check-upgrade` does whole upgrades between real machines."""

import re
import subprocess

import pytest

from tests.server import ROOT

SYSTEMCTL = """#!/bin/sh
case $1 in
  list-units) printf 'pekon-web@1.service x\\npekon-web@2.service x\\n' ;;
  restart)
    echo "$2 $(readlink {prefix}/current)" >>{prefix}/restarted
    if [ "$2" = pekon-web@2.service ] && rm {prefix}/kill 2>/dev/null; then kill -9 $PPID; fi ;;
esac
"""


class Install:
    """Two releases in a folder; commands of the machine are only said (DESTDIR), and restarts are noted."""

    def __init__(self, folder):
        self.prefix, self.root = folder / "koran", folder / "root"
        for name in ("old", "new"):
            release = self.prefix / "releases" / name
            for file in ("RELEASE", "deploy/nginx/pekon.conf", "deploy/systemd/pekon-web@.service"):
                (release / file).parent.mkdir(parents=True, exist_ok=True)
                (release / file).write_text(f"# {name}\n")
        (self.prefix / "current").symlink_to("releases/old")
        self.root.joinpath(*folder.parts[1:-1]).mkdir(parents=True)
        self.root.joinpath(*folder.parts[1:]).symlink_to(folder)  # DESTDIR/PREFIX is PREFIX
        programs = {"systemctl": SYSTEMCTL.replace("{prefix}", str(self.prefix)), "runuser": "#!/bin/sh\necho backup\n"}
        (folder / "bin").mkdir()
        for name, text in programs.items():
            (folder / "bin" / name).write_text(text)
            (folder / "bin" / name).chmod(0o755)
        self.environment = {"PATH": f"{folder / 'bin'}:/usr/sbin:/usr/bin:/sbin:/bin", "RELEASE": "new"}
        self.environment |= {"PREFIX": str(self.prefix), "DESTDIR": str(self.root)}

    def upgrade(self, *arguments, killed=False):
        """What it said. `killed`: before the second gunicorn is restarted."""
        if killed:
            (self.prefix / "kill").touch()
        command = [str(ROOT / "deploy" / "upgrade.sh"), *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == (-9 if killed else 0), done.stdout + done.stderr
        return done.stdout

    @property
    def current(self):
        return (self.prefix / "current").readlink().as_posix()

    def restarted(self):
        """The units and the releases that they were restarted with, since the last call."""
        lines = (self.prefix / "restarted").read_text().splitlines()
        (self.prefix / "restarted").unlink()
        return re.findall(r"@(\d)\.service releases/(\w+)", "\n".join(lines))


@pytest.fixture
def install(tmp_path):
    return Install(tmp_path)


def test_files_and_tables_are_made_by_the_new_release_after_a_backup_by_the_old(install):
    said = install.upgrade()
    assert re.findall(r"/(releases/\w+|current)/deploy/manage (\w+)", said)[:4] == [
        ("releases/new", "check"),
        ("current", "backup"),
        ("releases/new", "collectstatic"),
        ("releases/new", "migrate"),
    ]
    assert install.restarted() == [("1", "new"), ("2", "new")]
    assert "is what is running" in install.upgrade()


def test_an_upgrade_that_was_killed_goes_on(install):
    install.upgrade(killed=True)
    install.restarted()
    said = install.upgrade()
    assert ("goes on" in said, "migrate" in said) == (True, False)
    assert install.restarted() == [("1", "new"), ("2", "new")]
    assert "is what is running" in install.upgrade()
    install.upgrade("--rollback")
    assert install.restarted() == [("1", "old"), ("2", "old")]


def test_an_upgrade_that_was_killed_can_be_taken_back(install):
    install.upgrade(killed=True)
    install.restarted()
    install.upgrade("--rollback", killed=True)
    assert install.current == "releases/old"
    install.restarted()
    install.upgrade("--rollback")  # once more in the same direction
    assert (install.current, install.restarted()) == ("releases/old", [("1", "old"), ("2", "old")])
    install.upgrade("--rollback")
    assert install.current == "releases/new"
