"""The example that follows a feed into a store."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from summarizer import Fetcher, Store
from tests.site import Site, item, page, rss, serve_site, story

PATH = Path(__file__).parent.parent / "examples" / "follow_feed.py"


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setenv("SUMMARIZER_MODEL", "builtin")
    spec = importlib.util.spec_from_file_location("follow_feed", PATH)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site({f"/{name}": page(f"Bridge of {name} closes", story(name)) for name in ("north", "south")})
    site.pages["/feed"] = ("application/rss+xml", rss(item("/north"), item("/late")))
    site.etags["/feed"] = '"1"'
    with serve_site(site):
        yield site


def statuses(example: ModuleType, site: Site, store: Store) -> list[str]:
    fetcher = Fetcher(allow_private=True, interval=0, cache=store)
    return [outcome.status for outcome in example.follow(site.url("/feed"), store, fetcher=fetcher)]


def test_later_run_reads_only_new_and_failed_articles(example: ModuleType, site: Site, tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        assert statuses(example, site, store) == ["done", "failed"]
        site.pages["/late"] = page("Bridge of late closes", story("late"))
        site.requests.clear()
        assert statuses(example, site, store) == ["done"]
        assert site.requests == ["/feed", "/late"]
        assert site.headers[-2]["If-None-Match"] == '"1"'
        site.pages["/feed"] = ("application/rss+xml", rss(item("/south"), item("/north"), item("/late")))
        site.etags["/feed"] = '"2"'
        site.requests.clear()
        assert statuses(example, site, store) == ["done"]
        assert site.requests == ["/feed", "/south"]
        assert len(store) == 3


def test_script_prints_a_line_for_each_article(
    example: ModuleType,
    site: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fetcher = Fetcher(allow_private=True, interval=0)
    monkeypatch.setattr(example, "Fetcher", lambda **_: fetcher)
    monkeypatch.setattr(sys, "argv", ["follow_feed.py", site.url("/feed"), str(tmp_path / "briefs.db")])
    with pytest.raises(SystemExit) as exit_:
        example.main()
    printed = capsys.readouterr()
    assert exit_.value.code == 1
    assert printed.out == f"Bridge of north closes: 2 positions ({site.url('/north')})\n"
    assert "There is no page" in printed.err


def test_feed_that_cannot_be_read_is_a_one_line_error(
    example: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["follow_feed.py", "ftp://news.example/", str(tmp_path / "briefs.db")])
    with pytest.raises(SystemExit) as exit_:
        example.main()
    assert len(str(exit_.value.code).splitlines()) == 1
