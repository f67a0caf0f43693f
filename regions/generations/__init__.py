"""Generational caching: every region has a number, which is increased by each change that its readers can see.

A page is stored together with the numbers under which it was made, and is shown as long as these are current
(pekon.pagecache), so pages never need to be purged. `numbers` increases the numbers, `snapshot` reads them once a
second.
"""

from .numbers import EVERYWHERE, bump, bump_due, bump_for, bumping, register, register_schedule

__all__ = ["EVERYWHERE", "bump", "bump_due", "bump_for", "bumping", "register", "register_schedule"]
