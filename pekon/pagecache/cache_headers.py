"""Computes Cache-Control: how long proxies and browsers may show a stored page.

Browsers revalidate every time. A shared cache may use the page without asking during the second in which the numbers
were read, and during the next second while it revalidates. So behind the shipped nginx, a change is visible after two
seconds at most. A page is never shown beyond the time of its next scheduled change, not even while Pekon is down.
Sources: RFC 9111 section 5.2.2, RFC 5861.
"""

NEVER = float("inf")
MIN_SECONDS = 2
"""A cache counts from when it receives a page, so at least this many seconds must be left until its change."""


def headers(second: int, change: float, stale_if_error: int) -> list[tuple[str, str]]:
    """Cache-Control, and X-Accel-Expires, which nginx prefers.

    `second` is the second in which the numbers were read, `change` the time of the page's next scheduled change (both
    since 1970), and `stale_if_error` the maximum number of seconds for which it may be shown while Pekon is down.
    """
    left = int(min(change - second, stale_if_error + MIN_SECONDS + 1))
    fresh = left >= MIN_SECONDS
    revalidate = left > MIN_SECONDS
    on_error = max(0, left - MIN_SECONDS - 1)
    return [
        (
            "Cache-Control",
            f"public, max-age=0, s-maxage={int(fresh)}, stale-while-revalidate={int(revalidate)}, "
            f"stale-if-error={on_error}",
        ),
        ("X-Accel-Expires", f"@{second}" if fresh else "0"),
    ]
