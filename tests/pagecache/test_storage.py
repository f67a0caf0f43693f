"""Pages stored in memory: the room is bounded, and pages that were asked for again stay the longest."""

import gzip

import brotli
import pytest

from pekon.pagecache.storage import OVERHEAD, Entry, MemoryStorage

ROOM = 100 * OVERHEAD


def entry(status="200 OK", size=0):
    return Entry(status, [], b"x" * size, (1, 1))


def key(number):
    return 1, f"/{number}/", ""


@pytest.fixture
def store():
    """With one page that was asked for twice."""
    store = MemoryStorage(ROOM)
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
    store.put(key("established"), entry(size=ROOM))  # larger than an eighth of the room: not stored
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
        ("brotli, br", "br"),
        ("br ; q = 1", "br"),
        ("br;q=.0", ""),
        ("br;q=0", ""),
        ("br;q=0.001", "br"),
        ("br;level=5", "br"),
        ("deflate", ""),
        ("", ""),
    ],
)
def test_a_browser_gets_an_encoding_that_it_accepts(accepted, encoding):
    assert entry(size=1_000).in_encoding(accepted)[0] == encoding
    assert entry(size=201).in_encoding(accepted)[0] == encoding
    assert entry(size=200).in_encoding(accepted) == ("", b"x" * 200)  # nothing to gain


def test_a_body_is_compressed_once():
    page = entry(size=1_000)
    for encoding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        _name, body = page.in_encoding(encoding)
        assert unpack(body) == page.body
        assert len(body) < 100
        assert page.in_encoding(encoding)[1] is body


def test_a_tag_stands_for_the_body():
    assert entry(size=10).tag == entry(size=10).tag != entry(size=11).tag
    assert len(entry().tag) == 24
    assert Entry("200 OK", [], b"", (), tag="given").tag == "given"


def test_pages_nobody_asked_for_again_take_a_quarter_of_the_room():
    store = MemoryStorage(ROOM)
    for number in range(25):
        store.put(key(number), entry())
    assert (len(store), store.size) == (25, ROOM // 4)
    store.put(key(25), entry())
    assert (len(store), store.size) == (25, ROOM // 4)
    assert store.get(key(0)) is None
    for number in range(1, 26):
        assert store.get(key(number))  # each is protected from now on, and makes room for others
    for number in range(100, 125):
        store.put(key(number), entry())
    assert (len(store), store.size) == (50, ROOM // 2)


def test_what_is_no_page_stays_longer_if_it_is_asked_for_but_never_among_the_protected():
    store = MemoryStorage(ROOM)
    for number in range(25):
        store.put(key(number), entry("404 Not Found"))
    assert store.get(key(0))
    store.put(key(25), entry())
    assert store.get(key(1)) is None
    assert store.get(key(0))
    for number in range(100, 125):
        store.put(key(number), entry())
    assert store.get(key(0)) is None


def test_of_the_protected_pages_the_longest_unread_goes_first():
    store = MemoryStorage(ROOM)
    for number in range(100):
        store.put(key(number), entry())
        store.get(key(number))
    assert store.size == ROOM
    assert store.get(key(0))
    store.put(key(100), entry())
    assert (len(store), store.size) == (100, ROOM)
    assert store.get(key(1)) is None
    assert store.get(key(0))


def test_an_address_whose_page_is_gone_is_protected_no_longer(store):
    store.put(key("established"), entry("410 Gone"))
    assert (len(store), store.size) == (1, OVERHEAD)
    for number in range(25):
        store.put(key(number), entry())
    assert store.get(key("established")) is None


def test_an_answer_of_an_eighth_of_the_room_is_stored_and_none_that_is_larger():
    store, body = MemoryStorage(16 * OVERHEAD), OVERHEAD * 2 // 3
    for size, stored in ((body, True), (body + 1, False)):
        store.put(key(size), entry(size=size))
        assert bool(store.get(key(size))) is stored


def test_an_emptied_storage_has_all_its_room_again(store):
    for number in range(25):
        store.put(key(number), entry())
    store.clear()
    assert (len(store), store.size) == (0, 0)
    for number in range(25):
        store.put(key(number), entry())
    assert (len(store), store.size) == (25, ROOM // 4)
