"""The memory of kept pages: bounded, and kept for those who come back."""

import pytest

from regions.pagestore import OVERHEAD, Entry, Store

ROOM = 100 * OVERHEAD


def entry(status="200 OK", size=0):
    return Entry(status, [], b"x" * size, (1, 1))


def key(number):
    return 1, f"/{number}/", ""


@pytest.fixture
def store():
    """With one page that was asked for twice."""
    store = Store(ROOM)
    store.put(key("established"), entry())
    store.get(key("established"))
    return store


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found", "301 Moved Permanently"])
def test_a_flood_of_new_addresses_displaces_none_that_was_asked_for_again(store, status):
    for number in range(1_000):
        store.put(key(number), entry(status))
        if status[0] != "2":  # what is not a page is not established by asking again
            store.get(key(number))
    assert store.get(key("established"))
    assert store.get(key(999))
    assert not store.get(key(0))
    assert store.size <= ROOM // 4 + OVERHEAD


def test_the_room_is_never_exceeded_and_the_longest_unread_goes_first(store):
    for number in range(1_000):
        store.put(key(number), entry())
        store.get(key(number))
    assert store.size <= ROOM
    assert len(store) == 100
    assert not store.get(key("established"))
    assert store.get(key(999))


def test_a_page_made_anew_stays_established_and_is_counted_once(store):
    for _n in range(200):
        store.put(key("established"), entry(size=2_000))
    assert store.size == OVERHEAD + 3_000
    store.put(key("established"), entry(size=ROOM))  # larger than an eighth: not kept
    assert (store.size, len(store)) == (0, 0)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP;q=0.5", ""),
        ("gzip;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.0", ""),
        ("brotli, xgzip", ""),
        ("", ""),
    ],
)
def test_what_a_browser_takes(accepted, encoding):
    assert entry(size=1_000).in_encoding(accepted)[0] == encoding
    assert entry(size=100).in_encoding(accepted)[0] == ""
