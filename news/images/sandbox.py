"""Runs the image decoders in a sandbox: a confined, limited process for each file, whose report is checked.

Decoders are what a hostile file attacks. `decode` runs them in a process of its own (`news.images.decoder`), which may
use PHOTO_MEMORY bytes and PHOTO_SECONDS of processor time, and which has given up access to files, sockets and programs
(`news.images.confinement`). Whatever happens there, the caller gets either the renditions that it asked for, or a
`PhotoRejected` with a message for people.
"""

import functools
import json
import logging
import os
import signal
import stat
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

from pekon import metrics

from . import confinement, metadata, rendition_specs
from .pending_files import DiskFull, full_disk_as_error

log = logging.getLogger(__name__)
_COMMAND = [sys.executable, "-m", "news.images.decoder"]
_for_people = threading.BoundedSemaphore(1)
_in_background = threading.BoundedSemaphore(1)
"""Each process decodes one photo at a time for waiting people, and one in the background. So the number of processes
limits the memory used, and photos occupy at most one of the threads that serve readers."""
_CLOCK_FACTOR = 15
"""The limit of a decoder is its processor time. One that has not ended after this many times that limit by the clock is
stopped, so that a sleeping process does not block its thread forever."""
_MAX_REPORT_BYTES = 64 * 2**10
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1"}
_STARTS = {"avif": (b"ftyp", 4), "webp": (b"WEBP", 8), "jpg": (b"\xff\xd8\xff", 0)}  # magic bytes and their offset

_REASONS: dict[str, Any] = {
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


class PhotoRejected(ValidationError):
    """The file is not a photo that Pekon accepts. The message says why and what to do; `code` is the short form."""


class DecoderBusy(ValidationError):
    """The photo was not opened, because another person's is being decoded. Keep the upload and try again."""

    def __init__(self) -> None:
        super().__init__(_("Another photo is being opened just now. Try again in a moment."), code="busy")


def refusal(code: str) -> PhotoRejected:
    if code == "pixels":
        reason: Any = _("This photo has more than %(limit)d million pixels. Make it smaller and try again.")
        return PhotoRejected(reason, code=code, params={"limit": settings.PHOTO_MAX_PIXELS // 1_000_000})
    return PhotoRejected(_REASONS.get(code, _REASONS["crashed"]), code=code)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded photo. `files` maps the names in `manifest` to paths, which exist until the `with` block ends."""

    format: str
    width: int
    height: int
    colour: str
    texts: dict[str, str]
    manifest: rendition_specs.Manifest
    files: dict[str, Path]


@contextmanager
def decode(
    source: Path, *, focus: tuple[int, int] = rendition_specs.CENTRE, first: bool = False, texts: bool = False
) -> Iterator[Decoded]:
    """Make the renditions of the photo in `source`: with `first` only those that a waiting person needs, otherwise all.

    `focus` is in percent. With `texts` the photo's metadata is read too. Never call this inside a transaction, because
    it takes seconds. Raises PhotoRejected, DiskFull, and, with `first`, DecoderBusy if another person's photo is being
    decoded.
    """
    with full_disk_as_error(), tempfile.TemporaryDirectory(prefix="pekon-photo-") as folder:
        request = {
            "source": str(source.resolve()),
            "folder": folder,
            "focus": focus,
            "first": first,
            "texts": texts,
            "pixels": settings.PHOTO_MAX_PIXELS,
            "memory": settings.PHOTO_MEMORY,
            "seconds": settings.PHOTO_SECONDS if first else 6 * settings.PHOTO_SECONDS,
        }
        with _turn(first), metrics.PHOTO_SECONDS.labels("person" if first else "background").time():
            report = _run(request)
        if report.get("refused") == "space":
            raise DiskFull
        if "refused" in report:
            raise refusal(str(report["refused"]))
        try:
            decoded = _checked(report, Path(folder), focus, first)
        except (KeyError, TypeError, ValueError, OSError):
            log.warning("The decoder's report or files are not what was asked for", exc_info=True)
            raise refusal("crashed") from None
        yield decoded


@contextmanager
def _turn(is_waited_for: bool) -> Iterator[None]:
    """Let this process decode one photo at a time. A person's request does not wait: it raises DecoderBusy."""
    turns = _for_people if is_waited_for else _in_background
    if not turns.acquire(blocking=not is_waited_for):
        raise DecoderBusy
    try:
        yield
    finally:
        turns.release()


@contextmanager
def allow_parallel(photos: int) -> Iterator[None]:
    """Let this process decode several photos in the background at the same time; for management commands."""
    global _in_background
    before, _in_background = _in_background, threading.BoundedSemaphore(photos)
    try:
        yield
    finally:
        _in_background = before


@functools.cache
def warn_if_unconfined() -> None:
    """Log, once in each process, which confinement mechanisms the kernel does not offer."""
    if without := confinement.missing():
        log.warning("Uploaded photos are opened without %s: %s", " and ".join(without), "see check images.W001")


def _run(request: dict[str, Any]) -> dict[str, Any]:
    """The sandboxed process's report, or a refusal if it ended without one. Raises DecoderBusy."""
    warn_if_unconfined()
    try:
        result = subprocess.run(  # noqa: S603  (our own module, and no shell)
            _COMMAND,
            input=json.dumps(request).encode(),
            capture_output=True,
            cwd=settings.BASE_DIR,
            env=_ENVIRONMENT,
            timeout=_CLOCK_FACTOR * request["seconds"],
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.warning("A decoder was stopped: it had not used up its processor time after many times as long")
        raise DecoderBusy from None
    if result.returncode == -signal.SIGXCPU:
        return {"refused": "time"}
    if result.returncode == -signal.SIGKILL:  # from the kernel, when the machine is out of memory
        return {"refused": "memory"}
    try:
        if result.returncode or len(result.stdout) > _MAX_REPORT_BYTES:
            raise ValueError
        report = json.loads(result.stdout)
        return report if isinstance(report, dict) else {"refused": "crashed"}
    except ValueError:
        errors = result.stderr[-2000:].decode(errors="replace")
        signs = ("MemoryError", "bad_alloc", "Cannot allocate", "can't start new thread")
        log.warning("The decoder ended with %s: %s", result.returncode, errors)
        return {"refused": "memory" if any(sign in errors for sign in signs) else "crashed"}


def _checked(report: dict[str, Any], folder: Path, focus: tuple[int, int], first: bool) -> Decoded:
    """Check the whole report and all files, because a compromised decoder could have written them."""
    width, height = (int(side) for side in report["size"])
    _require(0 < width * height <= settings.PHOTO_MAX_PIXELS, "size")
    manifest = rendition_specs.first((width, height), focus) if first else rendition_specs.full((width, height), focus)
    files = {name: folder / name for name in rendition_specs.names(manifest)}
    for name, path in files.items():
        _require(_is_rendition(path), name)
    colour = f"#{int(report['colour'][1:7], 16):06x}"
    texts = {
        name: str(report["texts"][name])[:length]
        for name, length in metadata.MAX_LENGTHS.items()
        if name in report["texts"]
    }
    kind = str(report["format"])
    _require(kind.isalnum() and len(kind) < 6, "format")
    return Decoded(kind, width, height, colour, texts, manifest, files)


def _is_rendition(path: Path) -> bool:
    """Whether it is a regular file, not a link or pipe, that begins with the magic bytes of its suffix."""
    magic, at = _STARTS[path.suffix[1:]]
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        about = os.fstat(file.fileno())
        return stat.S_ISREG(about.st_mode) and about.st_nlink == 1 and file.read(16)[at:].startswith(magic)


def _require(condition: bool, what: str) -> None:
    if not condition:
        raise ValueError(what)
