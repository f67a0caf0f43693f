"""The bars between Pekon and the decoders: a process for each file, with limits, and its report checked.

A decoder is the part of a site that a hostile file can reach. `develop` runs it in a process of its own
(`news.images.darkroom`) which may use PHOTO_MEMORY bytes and PHOTO_SECONDS; whatever happens there, this process gets
either renditions that it asked for by name or a `Refused` with words for people.
"""

import json
import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import metadata, plans

log = logging.getLogger(__name__)
_turns = threading.BoundedSemaphore(1)
"""In this process one photo at a time: memory is bounded by the number of gunicorn's and the workers' processes."""
_LONGEST_REPORT = 64 * 2**10  # bytes
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1"}
_STARTS = {"avif": (b"ftyp", 4), "webp": (b"WEBP", 8), "jpg": (b"\xff\xd8\xff", 0)}  # magic bytes and where they stand

_WORDS: dict[str, Any] = {
    "unreadable": _("This is not a photo that we can read. Choose a JPEG, PNG, WebP, AVIF or HEIC file."),
    "pdf": _("This is a PDF, whatever its name says. Choose the photo itself: a JPEG, PNG, WebP, AVIF or HEIC file."),
    "gif": _("This is a GIF. Choose a photo: a JPEG, PNG, WebP, AVIF or HEIC file."),
    "svg": _("This is a drawing (SVG or XML). Save it as PNG and try again."),
    "html": _("This is a web page, whatever its name says. Save the photo itself and choose that file."),
    "video": _("This is a video. Choose a photo: a JPEG, PNG, WebP, AVIF or HEIC file."),
    "archive": _("This is an archive or a document. Take the photo out of it and choose that file."),
    "animation": _("This is an animation. Choose a single photo."),
    "damaged": _("The photo is damaged, perhaps by a broken connection. Please upload it again."),
    "tall": _("This picture is too tall for its width. Crop it and try again."),
    "memory": _("Opening this photo takes too much memory. Save it as JPEG, or make it smaller, and try again."),
    "time": _("Opening this photo takes too long. Save it as JPEG, or make it smaller, and try again."),
    "crashed": _("This file cannot be opened safely, so it was not stored. Save the photo as JPEG and try again."),
}


class Refused(ValidationError):
    """The file is no photo that Pekon takes. The message says why and what to do; `code` is the short form."""


def refusal(code: str) -> Refused:
    if code == "pixels":
        words: Any = _("This photo has more than %(limit)d million pixels. Make it smaller and try again.")
        return Refused(words, code=code, params={"limit": settings.PHOTO_MAX_PIXELS // 1_000_000})
    return Refused(_WORDS.get(code, _WORDS["crashed"]), code=code)


@dataclass(frozen=True, slots=True)
class Developed:
    """A photo's report. `files` are the renditions of `plan`, name → path, until the `with` block ends."""

    format: str
    width: int
    height: int
    colour: str
    texts: dict[str, str]
    plan: plans.Plan
    files: dict[str, Path]


@contextmanager
def develop(
    source: Path, *, focus: tuple[int, int] = plans.CENTRE, first: bool = False, texts: bool = False
) -> Iterator[Developed]:
    """Make the renditions of the photo in `source`: the first ones, or all. Raises Refused.

    `focus` is in percent; with `texts` its metadata is read too.
    """
    with tempfile.TemporaryDirectory(prefix="pekon-photo-") as folder:
        seconds = settings.PHOTO_SECONDS if first else 6 * settings.PHOTO_SECONDS
        request = {
            "source": str(source.resolve()),
            "folder": folder,
            "focus": focus,
            "first": first,
            "texts": texts,
            "pixels": settings.PHOTO_MAX_PIXELS,
            "memory": settings.PHOTO_MEMORY,
            "seconds": seconds,
        }
        with _turns:
            report = _run(request, seconds)
        if "refused" in report:
            raise refusal(str(report["refused"]))
        try:
            developed = _checked(report, Path(folder), focus, first)
        except (KeyError, TypeError, ValueError, OSError):
            log.warning("The darkroom's report or files are not what was asked for", exc_info=True)
            raise refusal("crashed") from None
        yield developed


@contextmanager
def at_once(photos: int) -> Iterator[None]:
    """Let this process open several photos at the same time; for commands."""
    global _turns
    before, _turns = _turns, threading.BoundedSemaphore(photos)
    try:
        yield
    finally:
        _turns = before


def _run(request: dict[str, Any], seconds: int) -> dict[str, Any]:
    """The caged process's report; a refusal where it did not get so far as to make one."""
    command = [sys.executable, "-m", "news.images.darkroom"]
    try:
        done = subprocess.run(  # noqa: S603  (our own module, and no shell)
            command,
            input=json.dumps(request).encode(),
            capture_output=True,
            cwd=settings.BASE_DIR,
            env=_ENVIRONMENT,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"refused": "time"}
    if done.returncode in (-24, -9):  # SIGXCPU, or the kernel's own SIGKILL at the hard limit
        return {"refused": "time"}
    try:
        if done.returncode or len(done.stdout) > _LONGEST_REPORT:
            raise ValueError
        report = json.loads(done.stdout)
        return report if isinstance(report, dict) else {"refused": "crashed"}
    except ValueError:
        said = done.stderr[-2000:].decode(errors="replace")
        memory = any(sign in said for sign in ("MemoryError", "bad_alloc", "Cannot allocate", "can't start new thread"))
        log.warning("The darkroom ended with %s: %s", done.returncode, said)
        return {"refused": "memory" if memory else "crashed"}


def _checked(report: dict[str, Any], folder: Path, focus: tuple[int, int], first: bool) -> Developed:
    """The report, believed in nothing: a decoder that was taken over could have written it."""
    width, height = (int(side) for side in report["size"])
    _insist(0 < width * height <= settings.PHOTO_MAX_PIXELS, "size")
    plan = plans.first((width, height), focus) if first else plans.full((width, height), focus)
    files = {name: folder / name for name in plans.names(plan)}
    for name, path in files.items():
        magic, at = _STARTS[name.rpartition(".")[2]]
        with path.open("rb") as file:
            _insist(not path.is_symlink() and file.read(16)[at:].startswith(magic), name)
    colour = f"#{int(report['colour'][1:7], 16):06x}"
    texts = {
        name: str(report["texts"][name])[:most] for name, most in metadata.LONGEST.items() if name in report["texts"]
    }
    kind = str(report["format"])
    _insist(kind.isalnum() and len(kind) < 6, "format")
    return Developed(kind, width, height, colour, texts, plan, files)


def _insist(condition: bool, what: str) -> None:
    if not condition:
        raise ValueError(what)
