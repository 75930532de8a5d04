"""Servers, a stubbed network, and a Fetcher that does not wait."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest

from .site import Answer, Network, Site

OpenSite = Callable[..., Site]


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def open_site() -> Iterator[OpenSite]:
    with ExitStack() as stack:

        def open_site(pages: Mapping[str, Answer], **options: Any) -> Site:
            return stack.enter_context(Site(pages, **options))

        yield open_site


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    network = Network()
    network.install(monkeypatch)
    return network
