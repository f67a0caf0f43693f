"""Room on the disks of VAR_DIR and of temporary files."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from pekon.doctor.registry import Finding, Options, check, fail, ok, warn

WARN_SHARE, FAIL_SHARE = 0.15, 0.05
FAIL_BYTES = 500 * 2**20
WARN_BYTES = 2 * 2**30


@check("disk")
def room(options: Options) -> Iterator[Finding]:
    for name, folder in (("VAR_DIR", settings.VAR_DIR), ("TMPDIR", Path(tempfile.gettempdir()))):
        total, _used, free = shutil.disk_usage(folder)
        nodes = os.statvfs(folder)
        free_nodes = nodes.f_favail / nodes.f_files if nodes.f_files else 1.0
        share = min(free / total, free_nodes)
        text = f"{name} ({folder}): {free / 2**30:.1f} GiB free, {share:.0%} of its disk's room and files"
        advice = "Make room or enlarge the disk: while it is full, uploads are refused and PostgreSQL may stop."
        if share < FAIL_SHARE or free < FAIL_BYTES:
            yield fail(text, advice)
        elif share < WARN_SHARE or free < WARN_BYTES:
            yield warn(text, advice)
        else:
            yield ok(text)
