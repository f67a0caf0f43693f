"""Redis as a cache that may be away: an outage is a miss, and for a while nobody waits for it again."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
PAUSE = 5.0
"""Seconds without Redis after it failed."""


class ForgivingRedisCache(RedisCache):
    away_until = 0.0  # on the monotonic clock; of the whole process, whose threads have an instance each

    def _try(self, method: Callable[..., Any], otherwise: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < self.away_until:
            return otherwise
        try:
            return method(*args, **kwargs)
        except (RedisError, OSError) as error:
            log.warning("Redis is away: %s", error)
            ForgivingRedisCache.away_until = time.monotonic() + PAUSE
            return otherwise

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(super().get, default, key, default, version)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try(super().add, True, *args, **kwargs))

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._try(super().set, None, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try(super().delete, False, *args, **kwargs))
