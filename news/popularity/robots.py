"""Recognises robots by their User-Agent: a maintained list (crawler-user-agents), and words that it lacks."""

import re

from crawleruseragents import is_crawler

MAX_NAME_LENGTH = 300
"""Characters of the User-Agent header that are examined, so that a long one takes at most 0.1 ms."""
_MORE_ROBOTS = re.compile(r"crawler|spider|\bjava/|feedparser|\bruby\b|(?<!cu)bot/\d", re.IGNORECASE)


def is_robot(browser: str) -> bool:
    """Whether a User-Agent header is empty or a robot's. The phone brands CUBOT and B BOT are not taken for robots."""
    name = browser[:MAX_NAME_LENGTH]
    return not name.strip() or is_crawler(name) or bool(_MORE_ROBOTS.search(name))
