"""Addresses of pages, and the networks in which pages are fetched.

An `Address` is checked and normalized once. A host that is written as an IP address in an unusual way (decimal, octal,
hexadecimal, shortened, full-width digits) becomes that IP address, as in browsers.
"""

import re
import socket
import unicodedata
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, unquote, urljoin, urlsplit

from summarizer._patterns import compile_lazily
from summarizer._text import one_line, shorten
from summarizer.errors import FetchFailed

MAX_LENGTH = 8_000
"""Characters of an address; RFC 9110 asks servers for at least 8,000 octets."""
_MAX_SHOWN = 200  # characters of an address in a message

IP = IPv4Address | IPv6Address

# The registries of special addresses (IANA, 2025), with the networks in them that are reachable from elsewhere but
# serve no pages. The table of `ipaddress` differs between versions of Python.
_SPECIAL = {
    "an unspecified address": "0.0.0.0/8 ::/128",
    "this computer": "127.0.0.0/8 ::1/128",
    "a private network": "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 64:ff9b:1::/48 fc00::/7 fec0::/10",
    "a network shared by an access provider": "100.64.0.0/10",
    "a link-local address": "169.254.0.0/16 fe80::/10",
    "a network for documentation": "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20",
    "a network for benchmarks": "198.18.0.0/15",
    "a multicast address": "224.0.0.0/4 ff00::/8",
    "the broadcast address": "255.255.255.255/32",
    "a reserved network": "192.0.0.0/24 192.88.99.0/24 240.0.0.0/4 2001::/23",  # the last: Teredo, ORCHID and others
}
_NETWORKS = [(ip_network(network), reason) for reason, networks in _SPECIAL.items() for network in networks.split()]
_MAPPED, _NAT64 = IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96")
_LOCAL_NAT64, _6TO4, _TEREDO = IPv6Network("64:ff9b:1::/48"), IPv6Network("2002::/16"), IPv6Network("2001::/32")
_EMBEDDED_LAST = [IPv6Network("::/96"), _MAPPED, IPv6Network("::ffff:0:0:0/96"), _NAT64, _LOCAL_NAT64]
_REACHABLE = [IPv6Network("2000::/3"), _MAPPED, _NAT64]  # IANA has given out no addresses beyond 2000::/3

_METADATA = "a cloud metadata service"
_METADATA_ADDRESSES = frozenset(
    map(
        ip_address,
        "169.254.169.254 169.254.170.2 169.254.170.23 169.254.0.23 168.63.129.16 100.100.100.200 192.0.0.192"
        " fd00:ec2::254 fd00:ec2::23 fd20:ce::254".split(),
    )
)
_METADATA_NAMES = frozenset(
    "metadata metadata.google.internal metadata.goog metadata.azure.internal metadata.tencentyun.com"
    " instance-data instance-data.ec2.internal".split()
)
_LOCAL_NAME = compile_lazily(r"(?:.*\.)?(?:localhost|localdomain|local|internal|intranet|lan|home\.arpa)")

_DOTS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": "."})
_HOST = compile_lazily(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMBER = compile_lazily(r"0x[0-9a-f]*|[0-9]+")
_UNSAFE = compile_lazily(r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ud800-\udfff]")
_INCOMPLETE_ESCAPE = compile_lazily(r"%(?![0-9A-Fa-f]{2})")
_START = r"\s*(?:[a-z][a-z0-9+.-]*:)?[/\\]*"  # of an address, before user and host
# A user and a password, which may contain a slash by mistake: then no port follows the first colon.
_USERINFO = compile_lazily(rf"^({_START})(?:[^/?#]*@|[^/?#@\[]*:(?!\d*(?:[/?#]|$)).*@)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a page: http or https, with a normalized host."""

    scheme: str
    host: str
    """In lower case and ASCII; IPv6 without brackets."""
    port: int
    target: str
    """Path and query, with escapes."""
    credentials: str = field(default="", repr=False)
    """User and password, joined by a colon and without escapes. They are in no other attribute."""

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Check and normalize an address.

        Raises:
            FetchFailed: It is not the address of a web page.
        """
        text = text.strip()
        if not text:
            raise FetchFailed("The address is empty.")
        shown = show_address(text)
        if len(text) > MAX_LENGTH:
            raise FetchFailed(f"The address {shown} is too long: {len(text):,} characters; {MAX_LENGTH:,} are allowed.")
        if _UNSAFE.search(text):
            hint = "Write a space as %20. Give several addresses one by one."
            raise FetchFailed(f"The address {shown} contains a space or an invisible character.", hint=hint)
        return _parse(text, shown)

    @property
    def named_port(self) -> int | None:
        """The port, or None if it is the default of the scheme."""
        return None if self.port == _port(self.scheme) else self.port

    @property
    def origin(self) -> str:
        """Scheme, host and port, without a default port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}" if self.named_port else f"{self.scheme}://{host}"

    @property
    def url(self) -> str:
        """The address without credentials and fragment."""
        return self.origin + self.target

    @property
    def shown(self) -> str:
        """The address in messages: no credentials, and no query, since it may hold a token."""
        path, question, _ = self.target.partition("?")
        return shorten(f"{self.origin}{path}", _MAX_SHOWN) + ("?…" if question else "")

    def follow(self, location: str) -> "Address":
        """Return the address to which this one redirects.

        The credentials stay only with the same server. Those that a redirect names are not used.

        Raises:
            FetchFailed: It is not the address of a web page.
        """
        escaped = _UNSAFE.sub(lambda match: quote(match[0], errors="replace"), location.strip())
        try:
            joined = urljoin(self.url, escaped)
        except ValueError:
            joined = escaped
        shown = show_address(joined)
        if len(joined) > MAX_LENGTH:
            raise FetchFailed(f"{self.shown} redirects to an address that is too long: {shown}.")
        try:
            target = _parse(joined, shown)
        except FetchFailed:
            raise FetchFailed(f"{self.shown} redirects to an address that is not a web page: {shown}.") from None
        same_host = target.host == self.host
        upgraded = (self.scheme, self.port, target.scheme, target.port) == ("http", 80, "https", 443)
        keeps = same_host and (upgraded or target.origin == self.origin)
        return replace(target, credentials=self.credentials if keeps else "")


def show_address(text: str) -> str:
    """Return a text that is meant as an address for a message: shortened, without credentials and query.

    Up to the last @, all of it may be a password, since a password may contain any character in an invalid address.
    """
    hidden = re.sub(rf"^({_START}).*@", r"\1", text, flags=re.IGNORECASE | re.DOTALL)
    address, question, _ = hidden.partition("#")[0].partition("?")
    return shorten(one_line(address), _MAX_SHOWN) + ("?…" if question else "")


def strip_credentials(url: str) -> str:
    """Remove the user and the password from an address."""
    return _USERINFO.sub(r"\1", url)


def find_refusal(ip: IP, allow_private: bool) -> str | None:
    """Return what an address is, such as "a private network", if no page may be fetched from it.

    Addresses of cloud metadata services are always refused. An IPv6 address is refused if an IPv4 address that it
    carries is refused.

    Sources: the IANA registries of special-purpose addresses; RFC 4291 and 6052 (mapped, NAT64), RFC 3056 (6to4),
    RFC 4380 (Teredo), RFC 5214 (ISATAP).
    """
    ip = IPv6Address(int(ip)) if isinstance(ip, IPv6Address) else ip  # without a zone
    carried = _carried_addresses(ip)
    if not _METADATA_ADDRESSES.isdisjoint([ip, *carried]):
        return _METADATA
    if allow_private:
        return None
    reasons = [reason for network, reason in _NETWORKS if ip in network]
    reasons += filter(None, (find_refusal(address, allow_private) for address in carried))
    is_beyond = isinstance(ip, IPv6Address) and not any(ip in network for network in _REACHABLE)
    return next(iter(reasons), "a reserved network" if is_beyond else None)


def find_name_refusal(host: str, allow_private: bool) -> str | None:
    """Return what a host name means, if it is refused whatever address it has."""
    if host in _METADATA_NAMES:
        return _METADATA
    if not allow_private and _LOCAL_NAME.fullmatch(host):
        return "a local network"
    return None


def read_ip(host: str) -> IP | None:
    """Return the IP address that a normalized host is, or None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _carried_addresses(ip: IP) -> list[IPv4Address]:
    """Return the IPv4 addresses that an IPv6 address carries in any of the known forms."""
    if isinstance(ip, IPv4Address):
        return []
    number = int(ip)
    carried = []
    if any(ip in network for network in _EMBEDDED_LAST):
        carried.append(number)
    if ip in _LOCAL_NAT64:  # RFC 6052: around the octet 64 to 71, which is zero
        carried.append((number >> 64 & 0xFFFF) << 16 | number >> 40 & 0xFFFF)
    if ip in _6TO4:
        carried.append(number >> 80)
    if ip in _TEREDO:  # the server, and the client with all bits inverted
        carried += [number >> 64, ~number]
    if number >> 32 & 0xFCFF_FFFF == 0x5EFE:  # ISATAP: the universal and group bits may be set
        carried.append(number)
    return [IPv4Address(value & 0xFFFF_FFFF) for value in carried]


def _parse(text: str, shown: str) -> Address:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise FetchFailed(f"{shown} is not a valid address.") from None  # the error may quote a password
    if parts.scheme not in {"http", "https"}:
        reason = (
            f"“{shorten(parts.scheme, 20)}:” is not supported" if parts.scheme else "it does not begin with https://"
        )
        raise FetchFailed(f"{shown} cannot be fetched: {reason}.", hint="Give an address with https:// or http://.")
    userinfo, _, authority = parts.netloc.rpartition("@")
    if not authority or authority.startswith(":"):
        raise FetchFailed(f"The address {shown} names no host.", hint="Write it like https://example.org/article.")
    is_bracketed = authority.startswith("[")
    host = _normalize_host(parts.hostname or "", is_bracketed)
    is_malformed = "\\" in parts.netloc or (is_bracketed and not re.fullmatch(r"\[[^]]*](?::\d*)?", authority))
    if host is None or port == 0 or is_malformed:
        raise FetchFailed(f"The address {shown} names no valid host.", hint="Check its spelling.")
    path = parts.path
    if "/." in path and not path.startswith("//"):
        path = urlsplit(urljoin("http://host", path)).path  # without "." and "..", as robots.txt names it
    path = _quote(path, "/:@!$&'()*+,;=~%") or "/"
    query = _quote(parts.query, "/:@!$&'()*+,;=~%?[]|")
    has_query = parts.query or text.partition("#")[0].endswith("?")
    return Address(
        scheme=parts.scheme,
        host=host,
        port=port or _port(parts.scheme),
        target=f"{path}?{query}" if has_query else path,
        credentials=_read_credentials(userinfo),
    )


def _normalize_host(host: str, is_bracketed: bool) -> str | None:
    """Return the host in lower case and ASCII, or None if it is invalid."""
    if is_bracketed:
        ip = read_ip(host)
        return str(ip) if isinstance(ip, IPv6Address) and not ip.scope_id else None
    name = unicodedata.normalize("NFKC", unquote(host, errors="replace")).translate(_DOTS).lower()
    if not name.isascii():
        import idna

        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except idna.IDNAError:
            return None
    name = name.removesuffix(".")
    if len(name) > 253 or not _HOST.fullmatch(name):
        return None
    return _read_ipv4(name) if _NUMBER.fullmatch(name.rpartition(".")[2]) else name


def _read_ipv4(name: str) -> str | None:
    """Read an IPv4 address as browsers do: decimal, octal or hexadecimal parts, of which the last may be long."""
    try:
        return str(IPv4Address(socket.inet_aton(name)))
    except OSError:
        return None


def _read_credentials(userinfo: str) -> str:
    user, colon, password = userinfo.partition(":")
    return f"{unquote(user)}:{unquote(password)}" if user or colon else ""


def _quote(text: str, safe: str) -> str:
    return quote(_INCOMPLETE_ESCAPE.sub("%25", text), safe=safe, errors="replace")


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
