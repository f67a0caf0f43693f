"""`make check-upgrade`: from the previous release to this one and back again, while readers read and writers write.

A blank machine gets PREVIOUS (a commit or tag) by the guide's own blocks: PostgreSQL, Redis, nginx and two gunicorns
under systemd. Then it is upgraded by deploy/upgrade.sh and rolled back, with MINUTES of load in all. Readers ask nginx
for warm and cold pages and for the files that those pages name; writers store stories in the newsroom.
It fails if a reader did not get a page or a file, or if a story that was said to be stored is missing.
"""

import contextlib
import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import Counter
from http.cookies import SimpleCookie

import machine
from install import DOMAIN, ROOT, blocks
from lxml import html
from machine import Machine, Network

MINUTES = float(os.environ.get("MINUTES", "10"))
PREVIOUS = os.environ.get("PREVIOUS") or "c153a5e"
PASSWORD = "rahasia-uji"
READERS, WRITERS = 4, 2
UPGRADE = "BACKUP=no"
BROKEN = f"""
cp -r pekon broken
cd broken
echo 'raise RuntimeError' >>pekon/wsgi.py
if {UPGRADE} RELEASE=broken deploy/upgrade.sh; then exit 1; fi
"""
STORIES = 30
SEED = f"""
from news.demo import builders
from regions import services
from regions.models import Region
city = Region.objects.select_related("parent").get(subdomain="payakumbuh")
for region in (city.parent, city):
    region.is_open = True
    services.save(region)
builders.make_section("Politik")
builders.make_user("redaktur", "editor", city, password="{PASSWORD}")
for _n in range({STORIES}):
    print(builders.make_live(city).get_absolute_url())
"""
TITLES = """
import json
from news.models import Article
print(json.dumps(list(Article.objects.values_list("title", flat=True))))
"""


class Connection:
    """One connection to nginx, which stays open, with its cookies."""

    def __init__(self, address: str, host: str):
        self.host, self.cookies = host, SimpleCookie()
        context = ssl._create_unverified_context()  # of the guide's authority for trying
        context.set_alpn_protocols(["http/1.1"])
        self._http = http.client.HTTPSConnection(host, 443, timeout=60, context=context)  # for the name in TLS
        self._http._create_connection = lambda _to, *more: socket.create_connection((address, 443), *more)

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """(status, Location, text). Raises OSError."""
        headers = {"Host": self.host, "Origin": f"https://{self.host}", "Accept": "text/html"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._http.request("POST" if body else "GET", path, body, headers)
            response = self._http.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            self._http.close()
            raise ConnectionError(f"{type(error).__name__}: {error}") from error
        for value in response.headers.get_all("Set-Cookie") or []:
            self.cookies.load(value)
        return response.status, response.headers.get("Location", ""), text


class Load:
    """Readers and writers, until `over`; what they got is counted by phase."""

    def __init__(self, address: str, warm: list[str]):
        self.address, self.warm = address, warm
        self.phase, self.over = "before", threading.Event()
        self.answers: dict[str, Counter[str]] = {}
        self.failed_reads: list[str] = []
        self.acknowledged: list[str] = []
        self.slowest: dict[str, float] = {}
        self._lock = threading.Lock()

    def count(self, what: str, seconds: float) -> None:
        with self._lock:
            self.answers.setdefault(self.phase, Counter())[what] += 1
            name = f"{self.phase}, {what.partition(':')[0]}"
            self.slowest[name] = max(self.slowest.get(name, 0), seconds)

    def _ask(
        self, connection: Connection, what: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        start = time.monotonic()
        try:
            answer = connection.ask(path, form)
        except OSError as error:
            answer = (0, "", str(error))
        self.count(f"{what}: {answer[0] or answer[2][:60]}", time.monotonic() - start)
        return answer

    def read(self, number: int) -> None:
        connection, turn = Connection(self.address, f"payakumbuh.{DOMAIN}"), 0
        while not self.over.wait(0.05):
            turn += 1
            cold = turn % 5 == 0
            path = (
                f"/indeks/{1900 + number}/{turn % 12 + 1:02}/{turn % 28 + 1:02}/"
                if cold
                else self.warm[turn % len(self.warm)]
            )
            status, _location, text = self._ask(connection, "cold page" if cold else "page", path)
            if status != (404 if cold and status == 404 else 200):
                self.failed_reads.append(f"{self.phase}: {path}: {status or text[:80]}")
                continue
            if turn % 10 == 1:  # a page's files, half a minute later, whatever release is there then
                names = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', text))
                threading.Timer(min(30.0, MINUTES * 6), self._read_files, [names]).start()

    def _read_files(self, names: set[str]) -> None:
        connection = Connection(self.address, f"payakumbuh.{DOMAIN}")
        for name in names if not self.over.is_set() else ():
            status, _location, text = self._ask(connection, "file", name)
            if status != 200:
                self.failed_reads.append(f"{self.phase}: {name}: {status or text[:80]}")

    def write(self, number: int) -> None:
        connection, turn = Connection(self.address, f"redaksi.{DOMAIN}"), 0
        log_in = html.fromstring(connection.ask("/akun/masuk/")[2]).xpath("//form[.//input[@name='login']]")[0]
        form = dict(log_in.form_values()) | {"login": "redaktur", "password": PASSWORD}
        status, location, _text = connection.ask("/akun/masuk/", form)
        assert (status, "masuk" in location) == (302, False), f"log-in: {status} {location}"
        while not self.over.wait(0.2):
            turn += 1
            title = f"Penulis {number} naskah {turn}"
            status, _location, text = self._ask(connection, "form", "/news/article/add/")
            if status != 200:
                continue
            page = html.fromstring(text)
            shown = page.xpath("//form[.//*[@name='title']]")[0]
            form = dict(shown.form_values()) | {"title": title, "body": f"<p>Isi {turn}.</p>", "_save": "1"}
            section = [
                option.get("value") for option in page.xpath("//select[@name='section']/option") if option.get("value")
            ]
            form["section"] = section[0]
            status, location, text = self._ask(connection, "save", "/news/article/add/", form)
            if status == 302 and re.search(r"/article/\d+/change/", location):
                self.acknowledged.append(title)
            elif status == 200:
                raise AssertionError(re.findall(r'class="errorlist[^"]*"[^>]*>(.*?)</ul>', text, re.DOTALL)[:3])


def shell(on: Machine, script: str) -> str:
    """What a script prints in Pekon's shell."""
    return on.run(f"pekon-manage shell -v 0 <<'END'\n{script}\nEND")


def main() -> int:
    if missing := machine.missing_programs():
        print(f"check-upgrade needs root and: apt-get install {' '.join(missing)}", file=sys.stderr)
        return 3
    todo = list(blocks())
    programs, database, install, *_ = todo
    certificate = next(script for _name, script in todo if "openssl req -x509" in script)
    settings = re.search(r"^DOMAIN=.*$", install[1], re.MULTILINE)[0].replace("deploy/install.sh", "")
    bundle = subprocess.run(["git", "-C", str(ROOT), "bundle", "create", "-", "HEAD"], capture_output=True, check=True)
    with Network(), Machine("naik", 4, wheels=machine.wheels()) as naik, contextlib.ExitStack() as stack:
        naik.run("printf '127.0.0.1 localhost\\n' >/etc/hosts")
        print("PostgreSQL, Redis, nginx …", flush=True)
        naik.run(f"export DEBIAN_FRONTEND=noninteractive; {programs[1]}")
        naik.run(database[1])
        (naik.root / "root" / "pekon.bundle").write_bytes(bundle.stdout)
        naik.run("git clone --quiet pekon.bundle pekon 2>/dev/null; git clone --quiet pekon former")
        naik.run(f"cd former; git checkout --quiet {PREVIOUS}")
        if not (naik.root / "root/former/deploy/install.sh").exists():  # it had no installer yet: this one's
            naik.run("cd former; cp -r ../pekon/deploy .; git add deploy")
            naik.run(
                "cd former; git -c user.name=x -c user.email=x@example commit --quiet --message 'With an installer'"
            )
        print(f"The previous release, {PREVIOUS} …", flush=True)
        naik.run(f"cd former; RELEASE=former {settings} deploy/install.sh; {certificate}\nsystemctl restart nginx")
        naik.run(
            "sed -i 's/rate=[0-9]*r/rate=10000r/' /etc/nginx/conf.d/pekon.conf; systemctl reload nginx"
        )  # one address
        naik.run("echo REQUIRE_SECOND_FACTOR=false >>/srv/pekon/.env; systemctl reload 'pekon-web@*'")
        warm = re.findall(r"^/berita/\S+", shell(naik, SEED), re.MULTILINE)
        load = Load(naik.address, ["/", "/indeks/", *warm])
        threads = [threading.Thread(target=load.read, args=[n]) for n in range(READERS)]
        threads += [threading.Thread(target=load.write, args=[n]) for n in range(WRITERS)]
        stack.callback(load.over.set)
        for thread in threads:
            thread.start()
        between = MINUTES * 60 / 5
        time.sleep(between)
        times = {}
        for phase, command in (
            ("upgrade", f"cd pekon; {UPGRADE} RELEASE=new deploy/upgrade.sh"),
            ("rollback", "cd pekon; deploy/upgrade.sh --rollback"),
            ("a release that does not start", BROKEN),
            ("upgrade again", f"cd pekon; {UPGRADE} RELEASE=new deploy/upgrade.sh"),
        ):
            load.phase = phase
            print(f"{phase} …", flush=True)
            start = time.monotonic()
            print(naik.run(command), flush=True)
            times[phase] = time.monotonic() - start
            load.phase = f"after the {phase}"
            time.sleep(between)
        load.over.set()
        for thread in threads:
            thread.join()
        time.sleep(1)
        stored = Counter(json.loads(shell(naik, TITLES).strip().splitlines()[-1]))
        errors = naik.run(
            "journalctl --no-pager --output=cat -u 'pekon-*' | grep -E 'ERROR|Traceback' | head -5 || true"
        )
    for phase, answers in load.answers.items():
        took = f" ({times[phase]:.0f} s)" if phase in times else ""
        print(f"{phase}{took}")
        for what, number in sorted(answers.items()):
            print(f"  {what:60}{number:>8}")
    slow = max(load.slowest.items(), key=lambda entry: entry[1])
    lost = [title for title in load.acknowledged if not stored[title]]
    double = [title for title, number in stored.items() if number > 1 and title.startswith("Penulis")]
    refused = sum(
        n
        for answers in load.answers.values()
        for what, n in answers.items()
        if what.startswith("save") and "302" not in what
    )
    print(f"The slowest answer: {slow[1]:.1f} s ({slow[0]})")
    print(f"Errors in the log:\n{errors}" if errors.strip() else "No error in the log")
    for failure in load.failed_reads[:20]:
        print(f"  {failure}")
    print(
        f"{len(load.failed_reads)} failed reads, {len(lost)} of {len(load.acknowledged)} stored stories lost, "
        f"{len(double)} twice, {refused} not accepted"
    )
    return int(bool(load.failed_reads or lost or double or refused or not load.acknowledged))


if __name__ == "__main__":
    sys.exit(main())
