"""Addresses: which are valid, how they are normalized, and which networks are refused."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import FetchFailed
from summarizer.fetching.addresses import (
    Address,
    find_name_refusal,
    find_refusal,
    show_address,
    strip_credentials,
)

PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.1.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "febf::1",
    "fec0::1",
    "ff02::1",
    "100::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "4000::1",
    "64:ff9b:1::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "192.0.1.1",
    "198.17.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001:801::200e",
    "2001:4860:4860::8888",
    "2001:200::1",
]
METADATA = [
    "169.254.169.254",
    "169.254.170.2",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "fd00:ec2::254",
    "fd00:ec2::254%eth0",
]


def ipv6_forms(ip: str) -> list[IPv6Address]:
    """Return the IPv6 addresses that carry an IPv4 address."""
    number = int(IPv4Address(ip))
    forms = {
        "mapped": 0xFFFF << 32 | number,
        "compatible": number,
        "translated": 0xFFFF << 48 | number,
        "6to4": 0x2002 << 112 | number << 80 | 1,
        "NAT64": 0x64FF9B << 96 | number,
        "local NAT64, at the end": 0x64FF9B0001 << 80 | number,
        "local NAT64, as in RFC 6052": 0x64FF9B0001 << 80 | (number >> 16) << 64 | (number & 0xFFFF) << 40,
        "Teredo server": 0x20010000 << 96 | number << 64 | 0xFFFF,
        "Teredo client": 0x20010000 << 96 | 0x08080808 << 64 | (~number & 0xFFFF_FFFF),
        "ISATAP": 0x26064700 << 96 | 0x5EFE << 32 | number,
        "ISATAP, universal": 0x26064700 << 96 | 0x02005EFE << 32 | number,
        "link-local ISATAP": 0xFE80 << 112 | 0x5EFE << 32 | number,
    }
    return [IPv6Address(value) for value in forms.values()]


def test_special_addresses_are_refused_unless_private_ones_are_allowed() -> None:
    for ip in map(ip_address, PRIVATE):
        assert find_refusal(ip, allow_private=False), ip
        assert find_refusal(ip, allow_private=True) is None, ip


def test_public_addresses_are_allowed() -> None:
    for ip in map(ip_address, PUBLIC):
        assert find_refusal(ip, allow_private=False) is None, ip


def test_metadata_addresses_are_always_refused() -> None:
    for ip in map(ip_address, METADATA):
        assert find_refusal(ip, allow_private=True) == "a cloud metadata service", ip


def test_addresses_are_refused_in_each_ipv6_form() -> None:
    for ip in PRIVATE + METADATA:
        for form in ipv6_forms(ip) if ":" not in ip else []:
            assert find_refusal(form, allow_private=False), form
            assert bool(find_refusal(form, allow_private=True)) == (ip in METADATA), form


@pytest.mark.parametrize("prefix", ["::ffff:", "64:ff9b::", "2606:4700::5efe:"])
def test_public_address_is_allowed_in_an_ipv6_form(prefix: str) -> None:
    assert find_refusal(ip_address(f"{prefix}8.8.8.8"), allow_private=False) is None


@given(st.ip_addresses(v=4))
def test_ipv6_forms_are_refused_whenever_the_ipv4_address_is(ip: IPv4Address) -> None:
    if find_refusal(ip, allow_private=False):
        assert all(find_refusal(form, allow_private=False) for form in ipv6_forms(str(ip)))


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_whatever_ipaddress_calls_private_is_refused(ip: IPv4Address | IPv6Address) -> None:
    if ip.is_private or ip.is_multicast or ip.is_reserved or ip.is_loopback or ip.is_link_local or ip.is_unspecified:
        is_reachable_form = isinstance(ip, IPv6Address) and (ip.ipv4_mapped or ip in NAT64)
        assert find_refusal(ip, allow_private=False) or is_reachable_form


NAT64 = [IPv6Address(0x64FF9B << 96 | 0x08080808)]


@pytest.mark.parametrize(
    "host",
    ["localhost", "a.localhost", "printer.local", "vault.internal", "wiki.corp.internal", "nas.home.arpa", "box.lan"],
)
def test_local_name_is_refused_unless_private_addresses_are_allowed(host: str) -> None:
    assert find_name_refusal(host, allow_private=False)
    assert find_name_refusal(host, allow_private=True) is None


@pytest.mark.parametrize("host", ["metadata.google.internal", "metadata.goog", "metadata", "instance-data"])
def test_metadata_name_is_always_refused(host: str) -> None:
    assert find_name_refusal(host, allow_private=True)


@pytest.mark.parametrize("host", ["example.org", "local.example", "internal.example.org", "localhost.example"])
def test_other_name_is_allowed(host: str) -> None:
    assert find_name_refusal(host, allow_private=False) is None


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0X7F.0.0.1",
        "0x7f.1",
        "017700000001",
        "0177.0.0.01",
        "0177.0x0.1",
        "１２７.０.０.１",
        "127。0。0。1",
        "127．0．0．1",
        "127｡0｡0｡1",
        "①②⑦.0.0.1",
        "%31%32%37.0.0.1",
        "127%2e0%2e0%2e1",
        "%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1",
        "user:secret@127.0.0.1",
        "example.org@127.1",
    ],
)
def test_odd_spelling_of_an_ipv4_address_is_that_address(host: str) -> None:
    assert Address.parse(f"http://{host}/").host == "127.0.0.1"


@given(st.ip_addresses(v=4), st.data())
def test_any_mixture_of_number_forms_is_read_as_the_address(ip: IPv4Address, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 4))
    number = int(ip)
    parts = [number >> 8 * (3 - place) & 0xFF for place in range(count - 1)]
    parts.append(number & (1 << 8 * (5 - count)) - 1)
    forms = [data.draw(st.sampled_from([f"{part}", f"0x{part:x}", f"0{part:o}", f"0x000{part:X}"])) for part in parts]
    assert Address.parse(f"http://{'.'.join(forms)}/").host == str(ip)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.org", "https://example.org/"),
        ("  HTTPS://Example.ORG:443/a/B?q=1#part  ", "https://example.org/a/B?q=1"),
        ("http://example.org.:80/", "http://example.org/"),
        ("http://example.org:8080", "http://example.org:8080/"),
        ("https://ann:secret@example.org/a", "https://example.org/a"),
        ("https://bücher.example/straße?ü=é", "https://xn--bcher-kva.example/stra%C3%9Fe?%C3%BC=%C3%A9"),
        ("https://例え.テスト/", "https://xn--r8jz45g.xn--zckzah/"),
        ("https://EXAMPLE。org/", "https://example.org/"),
        ("http://[2606:4700:0:0::A]:81/", "http://[2606:4700::a]:81/"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/a%20b?c=%2F", "https://example.org/a%20b?c=%2F"),
        ("https://example.org?x", "https://example.org/?x"),
        ("https://example.org/a/./b/../c/..?x", "https://example.org/a/?x"),
        ("https://example.org/../../a//b;c/.d", "https://example.org/a//b;c/.d"),
        ("https://example.org//a/../b", "https://example.org//a/../b"),
        ("https://example.org/?", "https://example.org/?"),
        ("https://a_b.example.org/", "https://a_b.example.org/"),
    ],
)
def test_address_is_normalized(text: str, url: str) -> None:
    assert Address.parse(text).url == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "article",
        "www.example.org",
        "example.org/article",
        "//example.org/",
        "htp://example.org",
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,hello",
        "gopher://example.org",
        "mailto:ann@example.org",
        "http:",
        "http:/",
        "http://",
        "http:///path",
        "https://?query",
        "https://:80/",
        "https://ann:secret@/",
        "http://example.org:port/",
        "http://example.org:99999/",
        "http://example.org:0/",
        "http://example.org:-1/",
        "http://exa mple.org/",
        "http://example.org/a b",
        "http://example.org/\x00",
        "http://example.org/\r\nHost: other",
        "http://example.org/\u200b",
        "http://example.org\\@127.0.0.1/",
        "http://exam<ple>.org/",
        "http://example..org/",
        "http://.example.org/",
        "http://.",
        "http://%00/",
        "http://ex%2fample.org/",
        "http://ex%40ample.org/",
        f"http://{'a' * 64}.example/",
        f"http://{'a.' * 130}example/",
        "http://1.2.3.4.5/",
        "http://256.1.1.1/",
        "http://1.2.3.256/",
        "http://4294967296/",
        "http://0x100000000/",
        "http://08.0.0.1/",
        "http://example.1/",
        "http://[::1/",
        "http://::1/",
        "http://[::1]x/",
        "http://[127.0.0.1]/",
        "http://[fe80::1%25eth0]/",
        "http://[]/",
        f"https://example.org/{'a' * 8_000}",
    ],
)
def test_invalid_address_is_one_short_sentence(text: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        Address.parse(text)
    assert not caught.value.retryable
    assert len(caught.value.message) < 400
    assert "\n" not in str(caught.value)


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for candidate in (text, f"http://{text}", f"http://{text}/"):
        try:
            address = Address.parse(candidate)
        except FetchFailed:
            continue
        assert address.url.isascii()
        assert address.scheme in {"http", "https"}
        assert Address.parse(address.url).url == address.url


@pytest.mark.parametrize(
    "text",
    [
        "https://ann:secret@example.org/",
        "https://ann:secret@exa mple.org/",
        "https://ann:sec/secret@example.org/",
        "https://ann:sec#secret@example.org/",
        "https://ann:sec?secret@example.org/",
        "https://ann:secret@more@example.org:port/",
        "ftp://ann:secret@example.org/",
        "ann:secret@example.org",
        "secret@example.org",
        "https:/ann:secret@example.org",
        "https:\\\\ann:secret@example.org",
        "https://example.org:port/?token=secret",
    ],
)
def test_message_about_an_address_has_no_password(text: str) -> None:
    assert "secret" not in show_address(text)
    try:
        address = Address.parse(text)
        shown = repr(address) + address.url + address.shown
    except FetchFailed as error:
        shown = repr(error)
    assert "secret" not in shown


def test_query_is_left_out_of_messages() -> None:
    assert Address.parse("https://example.org/a?token=secret").shown == "https://example.org/a?…"


@pytest.mark.parametrize(
    ("url", "stripped"),
    [
        ("https://ann:secret@example.org/a", "https://example.org/a"),
        ("https://ann@example.org", "https://example.org"),
        ("https://a:b@c@example.org/", "https://example.org/"),
        ("https://example.org/@ann/post", "https://example.org/@ann/post"),
        ("https://example.org?mail=ann@example.org", "https://example.org?mail=ann@example.org"),
        ("https://example.org#@ann", "https://example.org#@ann"),
        ("https://ann:sec/ret@example.org/a", "https://example.org/a"),
        ("https://example.org:8080/@ann", "https://example.org:8080/@ann"),
        ("https://[2606::1]:80/@ann", "https://[2606::1]:80/@ann"),
    ],
)
def test_credentials_are_stripped_and_nothing_else(url: str, stripped: str) -> None:
    assert strip_credentials(url) == stripped


@pytest.mark.parametrize(
    ("start", "location", "url", "keeps"),
    [
        ("http://a.example/x/y", "z", "http://a.example/x/z", True),
        ("http://a.example/x", "/z?q#part", "http://a.example/z?q", True),
        ("http://a.example/x", "?q", "http://a.example/x?q", True),
        ("http://a.example/", "https://a.example/", "https://a.example/", True),
        ("http://a.example/", "//a.example/b", "http://a.example/b", True),
        ("https://a.example/", "http://a.example/", "http://a.example/", False),
        ("http://a.example/", "http://a.example:8080/", "http://a.example:8080/", False),
        ("http://a.example:8080/", "https://a.example/", "https://a.example/", False),
        ("http://a.example/", "http://b.example/", "http://b.example/", False),
        ("http://a.example/", "http://www.a.example/", "http://www.a.example/", False),
        ("http://a.example/", "http://eve:other@b.example/", "http://b.example/", False),
        ("http://a.example/", "/a b/é", "http://a.example/a%20b/%C3%A9", True),
    ],
)
def test_redirect_keeps_the_password_only_for_the_same_server(start: str, location: str, url: str, keeps: bool) -> None:
    address = Address.parse(start.replace("//", "//ann:s%2Fecret@")).follow(location)
    assert address.url == url
    assert address.credentials == ("ann:s/ecret" if keeps else "")


@pytest.mark.parametrize(
    "location", ["ftp://a.example/", "file:///etc/passwd", "javascript:x", "http://[::1", "//[", "data:,x"]
)
def test_redirect_to_no_web_page_is_refused(location: str) -> None:
    with pytest.raises(FetchFailed):
        Address.parse("http://a.example/").follow(location)
