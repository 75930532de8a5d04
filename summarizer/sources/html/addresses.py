"""Addresses of pages: resolve them, and compare them with the address that was asked for."""

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from summarizer._text import normalize
from summarizer.sources.html.page import clean

_CACHES = ("cdn.ampproject.org", "web.archive.org", "webcache.googleusercontent.com")  # they show pages of other sites
_TRACKING = re.compile(r"(?:^|&)(?:utm_\w+|fbclid|gclid|cmp|ref)=[^&]*")
_ARTICLE = re.compile(r"^(?:the|der|die|das|le|la|les|el|il|lo|de|het|o|a)\s+", re.IGNORECASE)


def is_web_address(url: str | None) -> bool:
    """Return whether an address is absolute and on the web."""
    return url is not None and url.lower().startswith(("http://", "https://"))


def resolve(address: str | None, base: str | None = None) -> str | None:
    """Return an absolute address on the web without fragment and credentials, or None."""
    address = clean(address or "")
    if not address or any(character.isspace() or character in '<>"\\' for character in address):
        return None
    try:
        parts = urlsplit(urljoin(base, address) if base else address)
        port = f":{parts.port}" if parts.port is not None else ""
        host = parts.hostname
    except ValueError:
        return None
    is_host = host and ("." in host or ":" in host or host == "localhost")
    if parts.scheme not in {"http", "https"} or not host or not is_host:
        return None
    host = f"[{host}]" if ":" in host else host
    return urlunsplit((parts.scheme, host + port, parts.path or "/", parts.query, ""))


def is_home(address: str) -> bool:
    """Return whether an address is the front page of a site."""
    parts = urlsplit(address)
    is_root = parts.path.strip("/").lower() in {"", "index.html", "index.htm", "index.php"}
    return is_root and not _TRACKING.sub("", parts.query)


def may_be_canonical(address: str, url: str) -> bool:
    """Return whether the page at ``url`` may name an address as its own: it is on the same site, and no front page."""
    host = host_of(url)
    is_same_site = _site(host_of(address)) == _site(host) or host.endswith(_CACHES)
    return is_same_site and (is_home(url) or not is_home(address))


def host_of(address: str | None) -> str:
    """Return the host of an absolute address, or an empty string."""
    return (urlsplit(address).hostname or "") if address else ""


def steps_of(address: str | None) -> list[str]:
    """Return the folders in the path of an address: ["world", "europe"]."""
    return [step for step in urlsplit(address).path.lower().split("/")[:-1] if step] if address else []


def _site(host: str) -> str:
    """Return the part of a host that stands for the site: example.co.uk."""
    labels = host.split(".")
    is_second_level = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if is_second_level else labels[-2:])


def is_name_of_host(text: str, host: str) -> bool:
    """Return whether a text is the name of a site as in its host: "The Daily Bugle" in dailybugle.com."""
    labels = {label.replace("-", "") for label in host.split(".")[:-1]} | {host.replace(".", "").removeprefix("www")}
    names = (normalize(name).replace(" ", "") for name in (text, _ARTICLE.sub("", text.strip())))
    return any(len(name) >= 2 and name in labels for name in names)
