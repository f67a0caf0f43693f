"""The caches: counts in the database, and pages in Redis where it is configured."""

import secrets
from collections.abc import Iterator

from django.conf import settings
from django.core.cache import cache
from redis import Redis
from redis.exceptions import RedisError

from pekon.doctor.registry import Finding, Options, check, fail, ok, skip, warn

POLICIES = ("allkeys-lru", "allkeys-lfu")


@check("counts", needs_database=True)
def counts(options: Options) -> Iterator[Finding]:
    key, value = f"doctor:{secrets.token_hex(8)}", secrets.token_hex(8)
    cache.set(key, value, 60)
    found = cache.get(key)
    cache.delete(key)
    if found == value:
        yield ok("the cache in the database keeps what is written")
    else:
        yield fail("the cache in the database loses what is written", "Run manage.py migrate, which makes its table.")


@check("redis")
def redis(options: Options) -> Iterator[Finding]:
    if not settings.REDIS_URL:
        yield skip("REDIS_URL is not set: each process stores pages of its own")
        return
    client = Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)
    try:
        client.ping()
        info = {**client.info("memory"), **client.info("persistence")}
    except (RedisError, OSError) as error:
        yield fail(
            f"does not answer: {type(error).__name__}: {error}",
            "Start it, and compare REDIS_URL with where it listens. Meanwhile each process stores pages of its own.",
        )
        return
    finally:
        client.close()
    faults = 0
    if not info.get("maxmemory"):
        faults += 1
        yield warn("has no maxmemory", "Give it one (maxmemory 512mb): pages would fill the machine's memory.")
    policy = info.get("maxmemory_policy")
    if policy not in POLICIES:
        faults += 1
        yield warn(f"maxmemory-policy is {policy}", "Set maxmemory-policy allkeys-lru: when full it takes no page.")
    if info.get("aof_enabled"):
        faults += 1
        yield warn("writes pages to disk (appendonly)", 'Set appendonly no and save "": pages are made again.')
    if not faults:
        yield ok(f"answers; maxmemory {info['maxmemory']:,} bytes, {policy}")
