"""How long others may show a page: what proxies and browsers are told. Pure arithmetic.

Browsers ask every time. A shared cache may answer by itself for the second in which the numbers were read, and during
the next one while it asks us; so behind our nginx a change is seen after two seconds at most. Nothing may be shown,
not even while we are down, past the moment at which time alone changes it. RFC 9111 section 5.2.2, RFC 5861.
"""

NEVER = float("inf")
SECOND_ONLY = 2
"""Seconds that must be left until the next change for a cache that counts from when it gets the page."""


def headers(second: int, change: float, stale_if_error: int) -> list[tuple[str, str]]:
    """Cache-Control, and nginx's own X-Accel-Expires, which it obeys first where both are there.

    `second` is the one in which the numbers were read, `change` when time will change the page (both since 1970),
    `stale_if_error` the most seconds that a page may be shown while we are down.
    """
    left = int(min(change - second, stale_if_error + SECOND_ONLY + 1))
    fresh = left >= SECOND_ONLY
    revalidate = left > SECOND_ONLY
    on_error = max(0, left - SECOND_ONLY - 1)
    return [
        (
            "Cache-Control",
            f"public, max-age=0, s-maxage={int(fresh)}, stale-while-revalidate={int(revalidate)}, "
            f"stale-if-error={on_error}",
        ),
        ("X-Accel-Expires", f"@{second}" if fresh else "0"),
    ]
