"""Recovery to a moment, as docs/operate.md describes it, with a real PostgreSQL: `python -m
tests.backup.point_in_time`.

A cluster archives its log to a folder. A base backup is made, then two stories are published. The cluster is lost, and
recovered to a moment between both: the first story is there, the second is not, and readers get just that.
"""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from tests.server import free_port

from . import sites

PUBLISH = """
import sys, django; django.setup()
from news.demo import builders
from regions.models import Region
story = builders.make_live(Region.objects.get(subdomain="payakumbuh"), title=sys.argv[1])
print(story.get_absolute_url())
"""


class Cluster:
    """A PostgreSQL that archives its log, run by the user `postgres` if this is root."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.archive, self.data = folder / "archive", folder / "data"
        initdb = max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=None) or Path(
            shutil.which("initdb") or ""
        )
        self.bin = initdb.resolve().parent

    def run(self, program: str, *arguments: str) -> None:
        own = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        done = subprocess.run(
            [*own, str(self.bin / program), *arguments], cwd="/", capture_output=True, text=True, check=False
        )
        if done.returncode:
            log = self.folder / "log"
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}{log.read_text() if log.exists() else ''}")

    def create(self) -> None:
        self.archive.mkdir()
        own(self.archive)
        self.run("initdb", "-D", str(self.data), "-U", "pekon", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("archive_mode = on\n")
            file.write(f"archive_command = 'test ! -f {self.archive}/%f && cp %p {self.archive}/%f'\n")

    def start(self) -> None:
        options = f"-c listen_addresses=127.0.0.1 -p {self.port} -k {self.folder}"
        self.run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")

    @property
    def url(self) -> str:
        return f"postgres://pekon@127.0.0.1:{self.port}/postgres"

    def value(self, sql: str) -> str:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return str(connection.execute(sql.encode()).fetchone()[0])


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="pekon-moment.", ignore_cleanup_errors=True) as top:
        folder = Path(top)
        folder.chmod(0o755)
        own(folder)
        cluster = Cluster(folder)
        cluster.create()
        cluster.start()
        try:
            recover(cluster, folder)
        finally:
            cluster.stop()


def own(path: Path) -> None:
    if os.getuid() == 0:
        shutil.chown(path, "postgres")


def recover(cluster: Cluster, folder: Path) -> None:
    with sites.filled(cluster.url) as site:
        base, address = folder / "base", ["-h", "127.0.0.1", "-p", str(cluster.port), "-U", "pekon"]
        cluster.run("pg_basebackup", "--checkpoint=fast", "-D", str(base), *address)
        first = site.run("-c", PUBLISH, "Berita pertama").strip()
        time.sleep(1)
        moment = cluster.value("SELECT now()")
        time.sleep(1)
        second = site.run("-c", PUBLISH, "Berita kedua").strip()
        third = site.run("-c", sites.WITHDRAW, "Berita nomor 3 tentang jembatan").split()[1]
        segment = cluster.archive / cluster.value("SELECT pg_walfile_name(pg_current_wal_lsn())")
        cluster.value("SELECT pg_switch_wal()")
        deadline = time.monotonic() + 60
        while not segment.exists():
            if time.monotonic() > deadline:
                raise RuntimeError("the log was not archived within a minute")
            time.sleep(0.2)
        cluster.stop()
        shutil.rmtree(cluster.data)

        began = time.monotonic()
        cluster.data = base
        with (base / "postgresql.auto.conf").open("a") as file:
            file.write(f"restore_command = 'cp {cluster.archive}/%f %p'\n")
            file.write(f"recovery_target_time = '{moment}'\nrecovery_target_action = 'promote'\n")
        (base / "recovery.signal").touch()
        own(base / "recovery.signal")
        cluster.start()
        while cluster.value("SELECT pg_is_in_recovery()") == "True":
            time.sleep(0.1)
        seconds = time.monotonic() - began
        host = f"payakumbuh.{sites.DOMAIN}"
        assert "1 had to be applied" in site.manage("apply_tombstones").replace("of which ", "")
        answers = site.ask((host, first), (host, second), (host, "/indeks/"), (host, third))
        assert [status for status, _body in answers] == [200, 404, 200, 410], answers
        assert "Berita pertama" in answers[2][1]
        assert "Berita kedua" not in answers[2][1]
        print(f"Recovered to {moment} in {seconds:.1f} s: the story before it is there, the one after it is not,")
        print("and what was withdrawn after it is withdrawn again.")


if __name__ == "__main__":
    main()
