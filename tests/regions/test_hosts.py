import pytest
from hypothesis import given
from hypothesis import strategies as st

from regions import hosts
from regions.hosts import Host, Kind

DOMAIN = "pekon.web.id"


def parse(header, domain=DOMAIN):
    return hosts.parse(header, domain, "redaksi")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("pekon.web.id", Host(Kind.NETWORK)),
        ("payakumbuh.pekon.web.id", Host(Kind.LABEL, "payakumbuh")),
        ("a.pekon.web.id", Host(Kind.LABEL, "a")),
        ("lima-puluh-kota.pekon.web.id", Host(Kind.LABEL, "lima-puluh-kota")),
        ("redaksi.pekon.web.id", Host(Kind.NEWSROOM, "redaksi")),
        ("www.pekon.web.id", Host(Kind.WWW, "www", exact=False)),
    ],
)
def test_a_host_of_the_site_is_known(header, expected):
    assert parse(header) == expected


@pytest.mark.parametrize(
    "header", ["payakumbuh.pekon.web.id:8000", "PAYAKUMBUH.Pekon.Web.ID", "Payakumbuh.pekon.web.id:443"]
)
def test_ports_and_case_do_not_count(header):
    assert parse(header) == Host(Kind.LABEL, "payakumbuh")


@pytest.mark.parametrize("domain", ["localhost:8000", "LOCALHOST:8000", "localhost"])
def test_the_domain_may_have_a_port_and_capitals(domain):
    assert parse("localhost:8000", domain) == Host(Kind.NETWORK)
    assert parse("payakumbuh.localhost", domain) == Host(Kind.LABEL, "payakumbuh")
    assert parse("payakumbuh.localhost:9", domain) == Host(Kind.LABEL, "payakumbuh")


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("pekon.web.id.", Kind.NETWORK),
        ("payakumbuh.pekon.web.id.", Kind.LABEL),
        ("payakumbuh.pekon.web.id.:8000", Kind.LABEL),
        ("redaksi.pekon.web.id.", Kind.NEWSROOM),
        ("www.pekon.web.id.", Kind.WWW),
    ],
)
def test_a_trailing_dot_names_the_same_host_inexactly(header, kind):
    host = parse(header)
    assert host.kind is kind
    assert not host.exact


@pytest.mark.parametrize("label", ["a" * 63, "xn--pdang-vra", "0", "1a"])
def test_a_label_that_dns_allows_is_a_label(label):
    assert parse(f"{label}.pekon.web.id") == Host(Kind.LABEL, label)


@pytest.mark.parametrize(
    "label", ["a" * 64, "a.b", "www.payakumbuh", "redaksi.payakumbuh", "www.redaksi", "-a", "a-", "a.b.c"]
)
def test_what_no_label_of_ours_looks_like_is_unknown(label):
    assert parse(f"{label}.pekon.web.id").kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    "header",
    [
        "",
        ".",
        ":",
        ":8000",
        "example.com",
        "web.id",
        "apekon.web.id",
        "pekon.web.id.example.com",
        "pekon.web.id..",
        ".pekon.web.id",
        "a..pekon.web.id",
        "pekon.web.id:",
        "pekon.web.id:x",
        "pekon.web.id:123456",
        "pekon.web.id:80:80",
        "127.0.0.1",
        "127.0.0.1:8000",
        "[::1]",
        "[::1]:8000",
        "a.pekon.web.id, b.pekon.web.id",
        "a.pekon.web.id,b.pekon.web.id",
        "a b.pekon.web.id",
        " a.pekon.web.id",
        "a.pekon.web.id ",
        "a.pekon.web.id\n",
        "a\x00.pekon.web.id",
        "pekon.web.id\x00",
        "a_b.pekon.web.id",
        "a@pekon.web.id",
        "http://a.pekon.web.id",
        "a.pekon.web.id/",
        "pádang.pekon.web.id",
        "pe\u212aon.web.id",  # the Kelvin sign, which is a k without case
        "a。pekon.web.id",
        "a.pekon.web.id:８０",
        f"{'a.' * 130}pekon.web.id",
    ],
)
def test_anything_else_is_foreign(header):
    assert parse(header) == Host(Kind.FOREIGN)


LIKELY = st.text(alphabet="aZ0-._:, [](\x00\n\u212a", max_size=80)


@given(st.one_of(st.text(max_size=300), LIKELY, LIKELY.map(lambda text: f"{text}.{DOMAIN}")))
def test_parse_never_raises_and_a_label_is_one_label_below_the_domain(header):
    host = parse(header)
    if host.kind is Kind.LABEL:
        label, _, rest = header.partition(".")
        assert label.lower() == host.label
        assert 1 <= len(host.label) <= 63
        assert set(host.label) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert rest.partition(":")[0].removesuffix(".").lower() == DOMAIN


@given(st.from_regex(hosts.LABEL_PATTERN.replace("$", r"\Z")))
def test_every_free_label_parses_as_itself(label):
    if not hosts.label_problem(label):
        assert parse(f"{label}.{DOMAIN}") == Host(Kind.LABEL, label)


@pytest.mark.parametrize("label", sorted(hosts.RESERVED_LABELS))
def test_the_sites_own_labels_are_reserved(label):
    assert hosts.label_problem(label) == "reserved"


@pytest.mark.parametrize(
    "label", ["", "-a", "a-", "a.b", "A", "a_b", "a b", "a\n", "pádang", "a" * 64, "xn--pdang-vra"]
)
def test_a_malformed_label_is_a_problem(label):
    assert hosts.label_problem(label) == "malformed"


@pytest.mark.parametrize("label", ["payakumbuh", "a", "50kota", "lima-puluh-kota", "a" * 63])
def test_a_plain_label_is_no_problem(label):
    assert hosts.label_problem(label) == ""
