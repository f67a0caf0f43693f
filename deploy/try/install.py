"""`make check-install`: follows docs/operate.md on blank machines, from the first command to a published story.

Machines "satu" and "dua" run the guide's own blocks, in its order. The store is nanio, a real server, on a third
address. A browser then does what the guide's "The first story" says, and the story is fetched over https from each
machine's gunicorns. Prints the time of each block. SUITE=trixie takes Debian 13; WHEELS=1 fetches packages
from PyPI before the time is taken. The first step that fails ends it.
"""

import base64
import contextlib
import hmac
import io
import os
import re
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

import machine  # noqa: E402
from machine import CACHE, NETWORK, Machine, Network  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Page, expect, sync_playwright  # noqa: E402

from tests import chromium  # noqa: E402
from tests.newsroom_browser import fill_in  # noqa: E402

DOMAIN = "pekon.web.id"
PASSWORD = "nasi-kapau-dan-kopi"
STORE_PORT = 8250
STORE = ("nanio==0.1.7", "boto3")
LIMIT = 15 * 60
"""Seconds of machine time from blank Debian to a published story on one machine."""
TITLE = "Jembatan Gantung Payakumbuh Dibuka"


def blocks() -> Iterator[tuple[str, str]]:
    """The guide's blocks that are run: (machine, script)."""
    guide = (ROOT / "docs" / "operate.md").read_text("utf-8")
    yield from re.findall(r"^```sh (satu|dua)\n(.*?)^```$", guide, re.DOTALL | re.MULTILINE)


class Store:
    """An S3-compatible store with the two buckets that the guide names."""

    def __init__(self, key: str, secret: str, buckets: list[str]):
        self.key, self.secret, self.buckets = key, secret, buckets

    def __enter__(self) -> "Store":
        home = CACHE / "store"
        if not (home / "bin" / "nanio").exists():
            venv.create(home, with_pip=True)
            subprocess.run([home / "bin" / "pip", "install", "--quiet", *STORE], check=True)
        environment = os.environ | {"NANIO_ACCESS_KEY": self.key, "NANIO_SECRET_KEY": self.secret}
        where = ["--host", f"{NETWORK}.1", "--port", str(STORE_PORT), "--data-dir", "/dev/shm/pekon-try-store"]
        subprocess.run(["rm", "-rf", "/dev/shm/pekon-try-store"], check=True)
        self._process = subprocess.Popen(
            [home / "bin" / "nanio", "serve", *where, "--no-access-log", "--log-level", "warning"], env=environment
        )
        from botocore.config import Config
        from botocore.session import get_session

        client = get_session().create_client(
            "s3", endpoint_url=f"http://{NETWORK}.1:{STORE_PORT}", region_name="us-east-1", aws_access_key_id=self.key,
            aws_secret_access_key=self.secret, config=Config(signature_version="s3v4", retries={"max_attempts": 9}),
        )  # fmt: skip
        time.sleep(2)
        for bucket in self.buckets:
            client.create_bucket(Bucket=bucket)
        self.count = lambda bucket: len(client.list_objects_v2(Bucket=bucket).get("Contents", []))
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()
        self._process.wait()
        subprocess.run(["rm", "-rf", "/dev/shm/pekon-try-store"], check=False)


def newsroom(path: str) -> str:
    return f"https://redaksi.{DOMAIN}{path}"


@contextlib.contextmanager
def browser(address: str) -> Iterator[Page]:
    """A page in a browser for which all of the domain's names are at this address."""
    with sync_playwright() as playwright:
        options = chromium.launch_options()
        options["args"] += [f"--host-resolver-rules=MAP *.{DOMAIN} {address}, MAP {DOMAIN} {address}"]
        opened = playwright.chromium.launch(**options)
        page = opened.new_context(ignore_https_errors=True, locale="id-ID").new_page()
        page.set_default_timeout(60_000)
        yield page
        opened.close()


def code(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, (int(time.time()) // 30).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def picture() -> bytes:
    """A photo, as a camera's file."""
    file = io.BytesIO()
    Image.effect_mandelbrot((1200, 800), (-2, -1, 1, 1), 90).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def set_up_second_factor(page: Page) -> None:
    page.goto(newsroom("/"))
    fill_in(page, "admin", PASSWORD)
    expect(page.locator("#content-main")).to_contain_text("faktor kedua")
    page.goto(newsroom("/akun/dua-faktor/totp/activate/"))
    if "/pastikan/" in page.url:
        page.locator("#id_password").fill(PASSWORD)
        page.locator("#id_password").press("Enter")
        page.wait_for_load_state()
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("#id_code").fill(code(secret))
    page.locator("#id_code").press("Enter")
    page.wait_for_url(re.compile("/akun/dua-faktor/"))


def open_edition(page: Page, name: str) -> None:
    page.goto(newsroom(f"/regions/region/?q={name}"))
    page.locator("#result_list").get_by_role("link", name=name, exact=True).first.click()
    page.locator("#id_is_open").check()
    page.locator('[name="_save"]').click()
    expect(page.locator(".messagelist")).to_be_visible()


def make_section(page: Page, name: str) -> None:
    page.goto(newsroom("/news/section/add/"))
    page.locator("#id_name").fill(name)
    page.locator('[name="_save"]').click()
    expect(page.locator(".messagelist")).to_be_visible()


def publish(page: Page, photo: bytes | None = None) -> str:
    """Write and publish a story; returns its path."""
    page.goto(newsroom("/news/article/add/"))
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_region + .select2 .select2-selection").click()
    page.locator(".select2-search__field").fill("Payakumbuh")
    page.locator(".select2-results__option", has_text="Payakumbuh").last.click()
    page.locator("#id_section").select_option(label="Politik")
    page.locator("#id_kind").select_option("release")
    page.locator("div.ProseMirror[contenteditable]").click()
    page.keyboard.type("Jembatan gantung dibuka pagi ini.")
    if photo:
        upload = {"name": "jembatan.jpg", "mimeType": "image/jpeg", "buffer": photo}
        page.locator("#id_new_photo").set_input_files(upload)
        page.locator("#id_photo_credit").fill("Linda Sari")
        page.locator("#id_photo_alt").fill("Jembatan gantung dari tepi sungai")
        expect(page.locator(".upload-done")).to_be_visible()
    page.locator(".acts").get_by_role("button", name="Setujui dan terbitkan").click()
    expect(page.locator(".messagelist")).to_contain_text(TITLE)
    return re.search(r"/berita/\d+/[\w-]+/", page.locator(".messagelist a").first.get_attribute("href") or "")[0]


def fetch(reader: Machine, path: str, to: str) -> str:
    """The story as somebody gets it who trusts the guide's authority."""
    host = f"payakumbuh.{DOMAIN}"
    page = reader.run(
        f"curl --silent --show-error --fail --http2 --cacert /etc/ssl/{DOMAIN}/authority.pem "
        f"--resolve {host}:443:{to} https://{host}{path}"
    )
    assert TITLE in page, page[:500]
    return page


def follow(machines: dict[str, Machine], todo: list[tuple[str, str]]) -> float:
    """Run blocks; returns their seconds."""
    began = time.monotonic()
    for name, script in todo:
        print(f"\n\033[1m{name}\033[0m\n{script}", flush=True)
        start = time.monotonic()
        machines[name].type(
            f"export DEBIAN_FRONTEND=noninteractive\n{script}", {"[Pp]assword( \\(again\\))?:": PASSWORD}
        )
        print(f"  … {time.monotonic() - start:.0f} s", flush=True)
    return time.monotonic() - began


def main() -> int:
    if missing := machine.missing_programs():
        print(f"check-install needs root and: apt-get install {' '.join(missing)}", file=sys.stderr)
        return 3
    suite = os.environ.get("SUITE", "bookworm")
    machine.blank_debian(suite)
    wheels = machine.wheels() if os.environ.get("WHEELS") else None
    expect.set_options(timeout=60_000)  # a busy machine takes its time
    todo = list(blocks())
    rescue = [block for block in todo if "rescue" in block[1]]
    todo = [block for block in todo if block not in rescue]
    second = todo.index(next(block for block in todo if "requirepass" in block[1]))
    source = subprocess.run(["git", "-C", str(ROOT), "bundle", "create", "-", "HEAD"], capture_output=True, check=True)
    with Network(), Machine("satu", 2, suite, wheels) as satu:
        machines = {"satu": satu}

        def prepare(new: Machine) -> None:
            internal = [
                f"{NETWORK}.{number} {name}.internal" for number, name in enumerate(("simpan", "satu", "dua"), 1)
            ]
            (new.root / "etc" / "hosts").write_text("\n".join(["127.0.0.1 localhost", "::1 localhost", *internal, ""]))
            (new.root / "root" / "pekon.bundle").write_bytes(source.stdout)

        def clone(new: Machine) -> None:
            """The guide's `git clone`, of what is committed here."""
            new.run("git clone --quiet pekon.bundle pekon 2>/dev/null")

        prepare(satu)
        first = follow(machines, todo[:1])
        clone(satu)
        first += follow(machines, todo[1:second])
        start = time.monotonic()
        with browser(satu.address) as page:
            set_up_second_factor(page)
            for name in ("Sumatera Barat", "Payakumbuh"):
                open_edition(page, name)
            make_section(page, "Politik")
            path = publish(page)
            fetch(satu, path, satu.address)
            first += time.monotonic() - start
            print(f"\nFrom blank Debian to a published story: {first:.0f} s (limit {LIMIT})\n", flush=True)

            bridge = re.search(r"S3_KEY=(.*)\nS3_SECRET=(.*)\n", todo[second][1])
            with (
                Store(bridge[1], bridge[2], ["pekon-originals", "pekon-renditions"]) as store,
                Machine("dua", 3, suite, wheels) as dua,
            ):
                machines["dua"] = dua
                prepare(dua)
                for name, script in todo[second:]:
                    if name == "dua" and "install.sh" in script:
                        clone(dua)
                        dua.put(satu.root / "srv/pekon/.env", "/srv/pekon/.env")  # the guide's scp
                    follow(machines, [(name, script)])
                dua.put(satu.root / "srv/pekon/.env", "/srv/pekon/.env")  # with its new secret key
                dua.run("systemctl reload 'pekon-web@*'; systemctl restart 'pekon-worker@*'")
                path = publish(page, picture())
                story = fetch(satu, path, satu.address)
                rendition = re.search(r"/media/[\w/.-]+", story)[0]
                satu.run(
                    f"curl -sSf -o /dev/null --cacert /etc/ssl/{DOMAIN}/authority.pem "
                    f"--resolve payakumbuh.{DOMAIN}:443:{satu.address} https://payakumbuh.{DOMAIN}{rendition}"
                )
                assert store.count("pekon-originals") == 1, "the original is in its bucket"
                for each in (satu, dua):
                    print(
                        each.run(
                            "systemctl --no-pager --no-legend list-units 'pekon-w*'; systemctl --failed --no-legend"
                        )
                    )
                # Each machine's gunicorns alone still serve the paper: pages that nginx has not stored.
                satu.run("systemctl stop pekon.target pekon-web.socket")
                fetch(satu, "/indeks/", satu.address)
                satu.run("systemctl start pekon.target")
                dua.run("systemctl stop pekon.target pekon-web.socket")
                fetch(satu, "/rubrik/politik/", satu.address)
                follow(machines, rescue)
                page.goto(newsroom("/"))
                expect(page.locator("#id_login")).to_be_visible()  # all sessions have ended
                set_up_second_factor(page)
    print(f"Two machines, their store and a published story with a photo: done. First story after {first:.0f} s.")
    return int(first > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
