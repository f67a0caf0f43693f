"""Pekon's own WSGI application with a page cache that never finds anything: every request makes its page."""

from typing import Any

from pekon.wsgi import django_application  # first: it sets Django up

# isort: split
from pekon.pagecache.storage import MemoryStorage
from pekon.pagecache.wsgi import PageCache


class NothingFound(MemoryStorage):
    def get(self, key: Any) -> None:
        return None


application = PageCache(django_application)
application.memory = NothingFound(max_size=0)
