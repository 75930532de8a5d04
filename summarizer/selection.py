"""Which articles of a batch are left out: those that are too old, and those that it has read before."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from summarizer._text import shorten
from summarizer.article import Article
from summarizer.sources import URL, is_older


class LeftOut(Exception):
    """A source is left out for a reason."""

    def __init__(self, reason: str, copy: Article | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.copy = copy
        """The article, if its text was read before: perhaps another outlet has it."""


@dataclass
class Selection:
    """The rules of one batch, and what it has read so far.

    Of two articles with the same text or address, the first one is read, and the second one too if its text is dated
    earlier. Addresses do not wait for each other, since
    one may be slow: of two addresses that lead to the same text, the one that answers first is read. An address that
    cannot be fetched leaves no other copy of its page out.
    """

    since: date | None = None
    """Articles with an earlier date are left out."""
    unique: bool = False
    """Whether an article is left out if the batch has read its text or its address before."""
    _names: dict[bytes, tuple[int, str, str]] = field(default_factory=dict)
    """Index, name and earliest date of the source of each text and address."""
    _earlier: set[int] = field(default_factory=set)
    """Copies that are read as well, since they are of an earlier day, which counts in a dossier."""
    _loading: set[int] = field(default_factory=set)
    """Texts and files that are being loaded."""
    _fetching: set[int] = field(default_factory=set)
    """Addresses that are being fetched."""
    _failed: set[int] = field(default_factory=set)
    """Addresses that could not be fetched."""
    _loaded: asyncio.Condition = field(default_factory=asyncio.Condition)

    @asynccontextmanager
    async def loading(self, index: int, source: Any) -> AsyncIterator[None]:
        """Record that a source is being loaded; an address that was read before is left out."""
        if not self.unique:
            yield
            return
        pending = self._loading
        if isinstance(source, URL):
            self._claim(index, str(source), "address", normalize_address(source.address))
            pending = self._fetching
        pending.add(index)
        self._failed.discard(index)
        try:
            yield
        except BaseException:
            self._failed.add(index)
            raise
        finally:
            async with self._loaded:
                pending.discard(index)
                self._loaded.notify_all()

    async def check(self, index: int, source: Any, article: Article) -> None:
        """Raise `LeftOut` if an article is left out."""
        if is_older(article.published, self.since):
            raise LeftOut(f"older than {self.since}")
        if not self.unique:
            return
        async with self._loaded:  # an earlier file may be longer and still being loaded
            await self._loaded.wait_for(lambda: all(other > index for other in self._loading))
        name = _name(source, article)
        if article.url and urlsplit(article.url).path not in ("", "/"):  # some sites name their front page on all pages
            address = normalize_address(article.url)
            key = _key("address", address)
            async with self._loaded:  # whether the other can be fetched decides which of the two is read
                await self._loaded.wait_for(lambda: self._names.get(key, (index,))[0] not in self._fetching)
            if self._names.get(key, (index,))[0] in self._failed:
                del self._names[key]
            self._claim(index, name, "address", address)
        self._claim(index, name, "text", article.sha256, article)

    def _claim(self, index: int, name: str, kind: str, value: str, copy: Article | None = None) -> None:
        """Record the text or address of a source, or raise `LeftOut` if another source has it."""
        date, key = ((copy and copy.published) or "")[:10], _key(kind, value)
        first, first_name, known = self._names.setdefault(key, (index, name, date))
        if date and date < known:
            self._names[key] = first, first_name, date
            self._earlier.add(index)
        if first != index and index not in self._earlier:  # a source is loaded again if another process had it
            raise LeftOut(f"same {kind} as {first_name}", copy)


def normalize_address(address: str) -> str:
    """Return the form of an address that is compared: https, no fragment or default port, the host in lower case."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return address
    host = (parts.hostname or "") + (f":{port}" if port not in (None, 80, 443) else "")
    return parts._replace(scheme="https", netloc=host, path=parts.path or "/", fragment="").geturl()


def _key(kind: str, value: str) -> bytes:
    return blake2b(f"{kind} {value}".encode(errors="replace"), digest_size=16).digest()


def _name(source: Any, article: Article) -> str:
    """Return the name of a source in the reason of another."""
    if isinstance(source, Path | URL):
        return str(source)
    return article.source or article.url or f"“{shorten(article.title or article.text, 40)}”"
