"""Servers, a stubbed network, and a Fetcher that does not wait."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest

from .site import Answer, Network, Site

OpenSite = Callable[..., Site]


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
