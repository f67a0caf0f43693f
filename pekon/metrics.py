"""Numbers for Prometheus. Without METRICS_BIND and WORKER_METRICS_BIND nothing is counted, and nothing imported.

gunicorn's processes write theirs into files that a master reads (pekon.metrics_server); the background worker
answers for itself, and for what the database knows (pekon.background.numbers). The operators' guide lists them all.
"""

from typing import Any

from django.conf import settings

IS_ON: bool = bool(settings.METRICS_BIND or settings.WORKER_METRICS_BIND)


class _Nothing:
    """Stands for every metric while they are off."""

    def labels(self, *values: str) -> "_Nothing":
        return self

    def inc(self, amount: float = 1) -> None: ...
    def set(self, value: float) -> None: ...
    def observe(self, amount: float) -> None: ...

    def time(self) -> "_Nothing":
        return self

    def __enter__(self) -> None: ...
    def __exit__(self, *exception: object) -> None: ...


def _make(kind: str, name: str, text: str, labels: tuple[str, ...] = (), **options: Any) -> Any:
    if not IS_ON:
        return _Nothing()
    import prometheus_client

    return getattr(prometheus_client, kind)(name, text, labels, **options)


_FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds
_SLOW = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)  # seconds

ANSWERS = _make(
    "Counter", "pekon_answers", "Answers by outcome and by the first digit of their status", ("outcome", "status")
)
RENDER_SECONDS = _make("Histogram", "pekon_render_seconds", "Making a reader's page by Django", buckets=_FAST)
NEWSROOM_SECONDS = _make("Histogram", "pekon_newsroom_seconds", "Answering a newsroom's request", buckets=_FAST)
BUMPS = _make("Counter", "pekon_generation_bumps", "Changes that moved generations on")
BUMPED_REGIONS = _make("Counter", "pekon_generations_bumped", "Generation numbers that were moved on")
ACTS = _make("Counter", "pekon_acts", "Entries of the journal, such as approved, by verb", ("verb",))
LATENESS_SECONDS = _make(
    "Histogram",
    "pekon_publication_lateness_seconds",
    "From the moment of a scheduled change (publication, expiry, midnight) to the first request that made it seen",
    buckets=(0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0),
)
POLL_SECONDS = _make(
    "Histogram", "pekon_poll_seconds", "How long a process's requests wait for newer generation numbers", buckets=_FAST
)
DATABASE_DOWN = _make(
    "Gauge", "pekon_database_down", "Processes that do not reach the database", multiprocess_mode="livesum"
)
LOGINS_REFUSED = _make(
    "Counter", "pekon_logins_refused", "Log-ins refused: wrong, or too_many and not looked at", ("reason",)
)
PHOTO_SECONDS = _make(
    "Histogram", "pekon_photo_seconds", "Opening a photo, for a person or in the background", ("whom",), buckets=_SLOW
)
