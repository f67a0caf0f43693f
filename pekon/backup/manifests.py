"""What a backup holds, as JSON that is written last: without it a backup does not count.

It is signed with SECRET_KEY, so that whoever can write into the target cannot give Pekon another database.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.core.signing import BadSignature, Signer

from pekon.backup_targets import Target

from .pool import Content

FORMAT = 1
ID = re.compile(r"\d{8}T\d{6}Z")
"""A backup is named by the time when it began, in UTC."""
_NAME = re.compile(r"(?!.*\.\.)\w[\w.-]*(?:/\w[\w.-]*)*", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FIELD = re.compile(r"\w+", re.ASCII)


class BadManifest(Exception):
    """The manifest cannot be used. The message says why."""


@dataclass
class Manifest:
    id: str
    pekon: str
    """Pekon's version."""
    domain: str
    begun_at: str
    ended_at: str = ""
    vendor: str = ""
    """The database's kind: `postgresql` or `sqlite`."""
    server: str = ""
    """The database server's version."""
    database: dict[str, Any] = field(default_factory=dict)
    """`sha256` and `size` of the dump before it is encrypted, and what it has `stored` as: bytes."""
    tables: dict[str, int] = field(default_factory=dict)
    """Rows of each table."""
    migrations: dict[str, list[str]] = field(default_factory=dict)
    """Applied migrations of each app."""
    pool: str = "plain"
    """The part of the pool that has the files, and so the key that everything is encrypted with."""
    files: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    """Storage → name → SHA-256 and size."""
    missing: dict[str, list[str]] = field(default_factory=dict)
    """Storage → files that the database names and that could not be found, or that hold something else."""
    format: int = FORMAT

    @property
    def database_name(self) -> str:
        return f"backups/{self.id}/database" + ("" if self.pool == "plain" else ".age")

    @property
    def database_content(self) -> Content:
        return Content(self.database["sha256"], self.database["size"])

    def content(self, storage: str, name: str) -> Content:
        sha256, size = self.files[storage][name]
        return Content(sha256, size)

    def used(self) -> set[str]:
        """The SHA-256 of all its files."""
        return {sha256 for files in self.files.values() for sha256, _size in files.values()}


def new_id(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def path(backup: str) -> str:
    return f"backups/{backup}/manifest.json"


def proof_path(backup: str) -> str:
    """The file that a drill leaves beside a backup that it has restored."""
    return f"backups/{backup}/proven.json"


def store(target: Target, manifest: Manifest) -> None:
    values = asdict(manifest)
    signed = values | {"signature": _signer().signature(_canonical(values))}
    target.write(path(manifest.id), json.dumps(signed, indent=0).encode())


def load(target: Target, backup: str, *, unsigned: bool = False) -> Manifest:
    """Read and check a manifest. Raises BadManifest and TargetError. With `unsigned`, nobody needs to have signed
    it."""
    try:
        values = json.loads(target.read(path(backup)))
        signature = values.pop("signature", "")
    except FileNotFoundError:
        raise BadManifest(f"There is no whole backup {backup}.") from None
    except (ValueError, AttributeError, TypeError) as error:
        raise BadManifest(f"The manifest of {backup} is damaged: {error}") from None
    if isinstance(values.get("format"), int) and values["format"] > FORMAT:
        raise BadManifest(
            f"{backup} was made by a newer release of Pekon ({values.get('pekon')}). Install that one first."
        )
    if not unsigned:
        try:
            _signer().unsign(f"{_canonical(values)}:{signature}")
        except BadSignature:
            raise BadManifest(
                f"The manifest of {backup} was not signed with SECRET_KEY or one of SECRET_KEY_FALLBACKS: it was "
                "changed, or the key was. Set the key of that time. If it is lost and you trust the target: --unsigned."
            ) from None
    try:
        manifest = Manifest(**values)
        _check(manifest, backup)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise BadManifest(f"The manifest of {backup} is damaged: {error}") from None
    return manifest


def _check(manifest: Manifest, backup: str) -> None:
    """Raise ValueError for what no backup writes: names that lead out of their storage, and what is no SHA-256."""
    if manifest.id != backup or not ID.fullmatch(backup):
        raise ValueError(f"its name is not {backup}")
    if not re.fullmatch(r"plain|[0-9a-f]{12}", manifest.pool):
        raise ValueError(f"pool {manifest.pool!r}")
    names = [name for files in manifest.files.values() for name in files]
    wrong = [name for name in names if not _NAME.fullmatch(name)]
    wrong += [name for name in (*manifest.files, *manifest.tables) if not _FIELD.fullmatch(name)]
    if wrong:
        raise ValueError(f"the name {wrong[0]!r}")
    contents = [manifest.database_content]
    contents += [manifest.content(storage, name) for storage, files in manifest.files.items() for name in files]
    for content in contents:
        if not _SHA256.fullmatch(content.sha256) or not isinstance(content.size, int):
            raise ValueError(f"the checksum {content.sha256!r}")
    for count in manifest.tables.values():
        if not isinstance(count, int):
            raise ValueError("a count that is no number")


def complete(target: Target) -> list[str]:
    """The ids of the target's whole backups, oldest first. Raises TargetError."""
    return sorted(
        name.split("/")[1]
        for name in target.sizes("backups/")
        if name.endswith("/manifest.json") and name.count("/") == 2 and ID.fullmatch(name.split("/")[1])
    )


def _canonical(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


def _signer() -> Signer:
    return Signer(salt="pekon.backup")
