"""Blank Debian machines to install Pekon on: systemd-nspawn boots them, each with an address of its own on a bridge.

It needs root, debootstrap, systemd-container and nftables. Machines live in memory, their network ends with them.
"""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MIRROR = "http://deb.debian.org/debian"
CACHE = Path(os.environ.get("CACHE", "/var/cache/pekon-try"))
"""Where the blank Debian is stored as an archive."""
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
"""Machines trust whom this one trusts."""
NETWORK = os.environ.get("NETWORK", "10.77.0")
BRIDGE = f"pekon{NETWORK.replace('.', '')}"
PATIENCE = 120  # seconds that a machine may take to boot


def missing_programs() -> list[str]:
    """What has to be installed before machines can be made."""
    packages = {
        "debootstrap": "debootstrap",
        "systemd-nspawn": "systemd-container",
        "nft": "nftables",
        "ip": "iproute2",
    }
    return [package for program, package in packages.items() if not shutil.which(program)]


def call(*command: str, **options: object) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)  # type: ignore[call-overload]


def blank_debian(suite: str) -> Path:
    """An archive of the smallest Debian that boots, made by debootstrap the first time."""
    archive = CACHE / f"{suite}.tar"
    if not archive.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="pekon-try-") as folder:
            call("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", folder)
            try:
                packages = "--include=systemd,systemd-sysv,dbus,ca-certificates"
                call("debootstrap", "--variant=minbase", packages, suite, f"{folder}/root", MIRROR)
                call("tar", "-cf", f"{archive}.new", "-C", f"{folder}/root", ".")
            finally:
                call("umount", folder)
        Path(f"{archive}.new").rename(archive)
    return archive


def wheels() -> Path:
    """A folder with the packages of requirements.txt, for machines whose time is not measured."""
    folder, requirements = CACHE / "wheels", Path(__file__).resolve().parent.parent.parent / "requirements.txt"
    fetched = folder / "requirements.txt"
    if fetched.exists() and fetched.read_bytes() == requirements.read_bytes():
        return folder
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    call(*command, "--requirement", str(requirements), "--dest", str(folder))
    extra = next(line.split()[0] for line in requirements.read_text().splitlines() if line.startswith("async-timeout"))
    call(*command[:-1], "--no-deps", extra, "--dest", str(folder))  # for Debian 12's Python 3.11.2 alone
    shutil.copy(requirements, fetched)
    return folder


class Network:
    """A bridge on this machine, and a way from it to the internet."""

    def __enter__(self) -> "Network":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # machines and network end with the program
        self._forwarding = Path("/proc/sys/net/ipv4/ip_forward")
        self._was = self._forwarding.read_text()
        self._forwarding.write_text("1")
        call("ip", "link", "add", BRIDGE, "type", "bridge")
        call("ip", "address", "add", f"{NETWORK}.1/24", "dev", BRIDGE)
        call("ip", "link", "set", BRIDGE, "up")
        rules = f"""
            add table ip {BRIDGE}
            add chain ip {BRIDGE} out {{ type nat hook postrouting priority 100; }}
            add rule ip {BRIDGE} out ip saddr {NETWORK}.0/24 ip daddr != {NETWORK}.0/24 masquerade
        """
        call("nft", "-f", "-", input=rules, text=True)
        return self

    def __exit__(self, *exception: object) -> None:
        subprocess.run(["nft", "delete", "table", "ip", BRIDGE], check=False)
        subprocess.run(["ip", "link", "del", BRIDGE], check=False)
        self._forwarding.write_text(self._was)


class Machine:
    """`with Machine("satu", 2): …` is a Debian that has booted, at NETWORK.2."""

    def __init__(self, name: str, number: int, suite: str = "bookworm", wheels: Path | None = None):
        """`wheels`: a folder of this machine's, from which pip takes packages there in place of PyPI."""
        self.name, self.address = name, f"{NETWORK}.{number}"
        self._archive, self._wheels = blank_debian(suite), wheels
        self.folder = Path(tempfile.mkdtemp(prefix=f"pekon-try-{name}-"))
        self.root = self.folder / "root"
        self._nspawn: subprocess.Popen[bytes] | None = None
        self._leader = 0

    def __enter__(self) -> "Machine":
        call("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(self.folder))
        try:
            self.root.mkdir()
            call("tar", "-xf", str(self._archive), "-C", str(self.root))
            (self.root / "etc" / "hostname").write_text(f"{self.name}\n")
            self._boot()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        if self._nspawn and self._nspawn.poll() is None:
            self._nspawn.terminate()  # the machine powers off
            try:
                self._nspawn.wait(60)
            except subprocess.TimeoutExpired:
                os.kill(self._leader, signal.SIGKILL)
                self._nspawn.kill()
                self._nspawn.wait()
        subprocess.run(["umount", "--lazy", str(self.folder)], check=False)
        self.folder.rmdir()

    def _boot(self) -> None:
        command = [
            "systemd-nspawn",
            "--quiet",
            "--register=no",
            "--keep-unit",
            "--boot",
            f"--machine={self.name}{os.getpid()}",
        ]
        command += [f"--network-bridge={BRIDGE}", "--resolv-conf=copy-host", f"--bind-ro={CERTIFICATES}"]
        if self._wheels:
            command.append(f"--bind-ro={self._wheels}:/wheels")
        log = (self.folder / "boot.log").open("wb")
        self._nspawn = subprocess.Popen(
            [*command, f"--directory={self.root}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        deadline = time.monotonic() + PATIENCE
        while not self._leader:
            children = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children").read_text().split()
            booted = [pid for pid in children if Path(f"/proc/{pid}/comm").read_text() == "systemd\n"]
            self._leader = int(booted[0]) if booted else 0
            self._wait(deadline)
        while self.run("systemctl is-system-running --wait", check=False).strip() not in ("running", "degraded"):
            self._wait(deadline)
        for words in (
            f"address replace {self.address}/24 dev host0",
            "link set host0 up",
            f"route replace default via {NETWORK}.1",
        ):
            call("nsenter", f"--net=/proc/{self._leader}/ns/net", "ip", *words.split())

    def _wait(self, deadline: float) -> None:
        if time.monotonic() > deadline or (self._nspawn and self._nspawn.poll() is not None):
            raise RuntimeError(f"{self.name} does not boot:\n{(self.folder / 'boot.log').read_text(errors='replace')}")
        time.sleep(0.2)

    def _command(self, script: str) -> list[str]:
        inside = ["nsenter", f"--target={self._leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--root"]
        path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        environment = ["env", "--chdir=/", "-i", path, "HOME=/root", "LANG=C.UTF-8", "TERM=dumb"]
        environment += [f"SSL_CERT_FILE={CERTIFICATES}", f"PIP_CERT={CERTIFICATES}"]
        if self._wheels:
            environment += ["PIP_NO_INDEX=1", "PIP_FIND_LINKS=/wheels"]
        return [*inside, *environment, "bash", "-euo", "pipefail", "-c", f"cd; {script}"]

    def run(self, script: str, check: bool = True) -> str:
        """What a script of root's printed. Raises RuntimeError if it fails."""
        done = subprocess.run(
            self._command(script),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        text = done.stdout.decode(errors="replace")
        if check and done.returncode:
            raise RuntimeError(f"{self.name}: {script}\n{text}")
        return text

    def type(self, script: str, answers: dict[str, str]) -> str:
        """Run a script at a terminal, and answer its questions: the first answer whose key ends what was printed.
        Everything is printed here too. Raises RuntimeError if it fails."""
        master, terminal = pty.openpty()
        process = subprocess.Popen(
            self._command(script), stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True
        )
        os.close(terminal)
        text, answered = "", 0
        while True:
            ready, _, _ = select.select([master], [], [], 1)
            if not ready and process.poll() is None:
                continue
            try:
                new = os.read(master, 65_536).decode(errors="replace")
            except OSError:  # the terminal's other end is closed
                break
            if not new:
                break
            sys.stdout.write(new)
            sys.stdout.flush()
            text += new
            for question, answer in answers.items():
                if re.search(rf"{question}\s*$", text[answered:]):
                    os.write(master, f"{answer}\n".encode())
                    answered = len(text)
        os.close(master)
        if process.wait():
            raise RuntimeError(f"{self.name}: exit status {process.returncode} of\n{script}")
        return text

    def put(self, source: Path, target: str) -> None:
        """Copy a file or folder of this machine's to an absolute path of that one."""
        call("cp", "-a", "--no-preserve=ownership", str(source), f"{self.root}{target}")
