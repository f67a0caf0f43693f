"""Where packed static files are served from: one folder for all releases, so that a page that the former release made
still finds its files."""

import json
import time
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from .release import RELEASE

if TYPE_CHECKING:  # whitenoise has no types
    from django.contrib.staticfiles.storage import ManifestStaticFilesStorage as _Packed
else:
    from whitenoise.storage import CompressedManifestStaticFilesStorage as _Packed

_IMPORT = r"""(?P<matched>(?P<word>\bfrom|\bimport) "(?P<url>\.\.?/[\w./-]+\.js)")"""


class StaticFilesStorage(_Packed):
    """WhiteNoise's storage, which looks each file's address up once for each process: every page has several.

    Scripts of ours that import each other (`from "./name.js"`, `from "../name.js"`) do so by hashed names. Django has
    patterns for that too, but they need a semicolon after each import.
    """

    # A process goes on with the names of its own release while the next one's files are collected beside them.
    manifest_name = f"staticfiles-{RELEASE}.json"
    patterns = (*_Packed.patterns, ("*.js", ((_IMPORT, '%(word)s "%(url)s"'),)))

    @lru_cache(maxsize=1_024)  # noqa: B019  (there is one instance, and it lasts as long as the process)
    def url(self, name: str, force: bool = False) -> str:
        return super().url(name, force)


def prune(folder: Path, older_than: float) -> int:
    """Delete the manifests of releases that were superseded longer ago than this many seconds, and then the files that
    are as old and in no manifest. Returns the number of deleted files.

    A release is superseded when the next one's files are collected, or when a former one is found running again.
    """
    limit, named, deleted = time.time() - older_than, set[str](), 0
    own = folder / StaticFilesStorage.manifest_name
    manifests = sorted(folder.glob("staticfiles-*.json"), key=_modified)
    if own not in manifests:  # without it, all files would seem to be old
        return 0
    if manifests[-1] != own:
        own.touch()
        manifests.remove(own)
        manifests.append(own)
    kept = {own} | {manifest for manifest, newer in pairwise(manifests) if _modified(newer) >= limit}
    for manifest in manifests:
        if manifest not in kept:
            manifest.unlink()
            continue
        for name, packed in json.loads(manifest.read_text("utf-8"))["paths"].items():
            named |= {name, packed}
    for path in folder.rglob("*"):
        plain = path.relative_to(folder).as_posix().removesuffix(".gz").removesuffix(".br")
        if path.is_file() and path not in kept and plain not in named and _modified(path) < limit:
            path.unlink()
            deleted += 1
    return deleted


def _modified(path: Path) -> float:
    return path.stat().st_mtime
