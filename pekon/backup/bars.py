"""Progress of the commands, on standard error; none where that is no terminal."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

from .pool import Progress


def over(items: Iterable[Any], total: int, unit: str) -> Iterable[Any]:
    return tqdm(items, total=total, unit=f" {unit}", disable=None, file=sys.stderr)


@contextmanager
def of_bytes(what: str) -> Iterator[Progress]:
    """Gives what is to be told of bytes."""
    with tqdm(desc=what, unit="B", unit_scale=True, disable=None, file=sys.stderr) as bar:
        yield bar.update
