"""nginx as deploy/nginx has it, in front of a test's gunicorn: the shipped files with other addresses and folders."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.server import ROOT, Server, children_of, free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
PATIENCE = 20  # seconds


class Nginx:
    """`port` speaks plain HTTP, `tls_port` what browsers get. Without `limits` the request limits are out of reach."""

    def __init__(self, server: Server, limits: bool = False, beside: str = ""):
        """`beside`: further configuration; {port} in it is the port of plain HTTP."""
        self.server, self.limits = server, limits
        self.folder = Path(tempfile.mkdtemp(prefix="pekon-nginx-"))
        self.port, self.tls_port = free_port(), free_port()
        self.beside = beside.replace("{port}", str(self.port))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Nginx":
        self._configure()
        command = [NGINX or "nginx", "-p", str(self.folder), "-c", "nginx.conf"]
        self._process = subprocess.Popen(command, stderr=(self.folder / "start.log").open("wb"))
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return self
        raise RuntimeError((self.folder / "start.log").read_text() + self.log())

    def __exit__(self, *exception: object) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        path = self.folder / "error.log"
        return path.read_text() if path.exists() else ""

    @property
    def workers(self) -> list[int]:
        """Process ids."""
        assert self._process
        return children_of(self._process.pid)

    def _configure(self) -> None:
        redirecting = free_port()
        changes = {
            "listen [::]:443 ssl http2;": f"listen [::1]:{self.tls_port} ssl http2; listen [::1]:{self.port};",
            "listen [::]:443 ssl default_server;": f"listen [::1]:{self.tls_port} ssl default_server;",
            'listen [::]:80;\n    server_name "";': f"listen [::1]:{self.port};",
            "listen [::]:80;": f"listen [::1]:{redirecting};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.tls_port} ssl http2; listen 127.0.0.1:{self.port};",
            "listen 443 ssl default_server;": f"listen 127.0.0.1:{self.tls_port} ssl default_server;",
            "listen 80;\n    listen [::1]:" + str(self.port): f"listen 127.0.0.1:{self.port}; listen [::1]:{self.port}",
            "listen 80;": f"listen 127.0.0.1:{redirecting};",
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{self.server.port};",
            "pekon.web.id": "localhost",
            "/srv/pekon/var": str(self.server.folder),
            "/var/cache/nginx/pekon": str(self.folder / "cache"),
            "/etc/ssl/localhost": str(self.folder),
            "/etc/nginx/pekon;": f"{self.folder}/pekon;",
            "/var/log/nginx/pekon.log": str(self.folder / "access.log"),
        }
        (self.folder / "pekon").mkdir()
        for source in (ROOT / "deploy" / "nginx").glob("*.conf"):
            text = source.read_text("utf-8")
            for old, new in changes.items():
                text = text.replace(old, new)
            if not self.limits:
                text = re.sub(r"(rate|burst)=\d+", r"\1=100000", text)
            (self.folder / "pekon" / source.name).write_text(text)
        shutil.copy(ROOT / "deploy" / "nginx" / "gangguan.html", self.folder / "pekon")
        certificate = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        files = ["-keyout", str(self.folder / "privkey.pem"), "-out", str(self.folder / "fullchain.pem")]
        subprocess.run(["openssl", "req", *certificate, *files], check=True, capture_output=True)
        temporary = "\n".join(
            f"{name}_temp_path {self.folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;" if os.getuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(f"""
            {user} daemon off; pid nginx.pid; error_log error.log warn; worker_processes 2;
            events {{ worker_connections 12000; }}
            http {{
                include /etc/nginx/mime.types; sendfile on; keepalive_requests 1000000;
                {temporary}
                include pekon/pekon.conf;
                {self.beside}
            }}
        """)
