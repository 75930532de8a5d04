"""A dossier as a folder of pages: every link leads to a page, and nothing is loaded from elsewhere."""

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from summarizer import Article, Dossier, Store, summarize
from summarizer.errors import ConfigurationError
from summarizer.render import write_site

from ..dossier.briefs import Held, make_brief
from .attacks import ATTACKS
from .test_dossier_page import HELD


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return Dossier([make_brief(date, held) for date, held in HELD.items()])


@pytest.fixture
def site(dossier: Dossier, tmp_path: Path) -> Path:
    write_site(dossier, tmp_path / "site", title="The toll")
    return tmp_path / "site"


def pages(site: Path) -> dict[Path, LexborHTMLParser]:
    return {path: LexborHTMLParser(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_site_has_a_page_for_each_actor_and_article(site: Path) -> None:
    names = sorted(path.relative_to(site).as_posix() for path in pages(site))
    actors = [f"actors/actor-{name}.html" for name in ("ann-wood", "jane-hill", "tom-reed")]
    assert names == [*actors, "articles/1.html", "articles/2.html", "articles/3.html", "index.html", "search.html"]


def test_every_relative_link_leads_to_an_element_of_a_page(site: Path) -> None:
    found = pages(site)
    ids = {path: {node.attributes["id"] for node in page.css("[id]")} for path, page in found.items()}
    links = [(path, node.attributes["href"]) for path, page in found.items() for node in page.css("a[href]")]
    relative = [(path, urlsplit(link)) for path, link in links if not urlsplit(link).scheme]
    assert relative
    for path, link in relative:
        target = (path.parent / unquote(link.path)).resolve() if link.path else path
        assert target in ids, link
        assert not link.fragment or link.fragment in ids[target], link


def test_pages_load_nothing(site: Path) -> None:
    for page in pages(site).values():
        assert not page.css("[src], [style], link, base, iframe, object, embed, img")
        assert page.css_first("meta[http-equiv]").attributes["content"].startswith("default-src 'none'")


def test_search_has_every_statement_with_its_address(site: Path) -> None:
    data = json.loads(LexborHTMLParser((site / "search.html").read_text(encoding="utf-8")).css_first("#data").text())
    assert sorted(row[4] for row in data) == sorted(statement for held in HELD.values() for *_, statement in held)
    for row in data:
        page, _, fragment = row[6].partition("#")
        assert f'id="{fragment}"' in (site / page).read_text(encoding="utf-8")


def test_article_with_a_stored_text_stands_beside_its_brief(tmp_path: Path) -> None:
    article = Article.from_text("“The toll is wrong,” said Tom Reed.", published="2026-01-05", title="Toll")
    with Store(tmp_path / "briefs.db") as store:
        store.add(summarize(article, model="builtin"), article)
        write_site(Dossier.from_store(store), tmp_path / "site")
    (path,) = (tmp_path / "site" / "articles").iterdir()
    page = LexborHTMLParser(path.read_text(encoding="utf-8"))
    assert page.css_first("article mark").text() == "“The toll is wrong,” said Tom Reed."
    assert page.css_first("a[href='../index.html']")


def test_pages_of_an_earlier_site_are_replaced_and_other_files_stay(site: Path) -> None:
    (site / "notes.txt").write_text("mine", encoding="utf-8")
    write_site(Dossier([make_brief("2026-04-01", HELD["2026-04-01"])]), site)
    assert [path.name for path in (site / "actors").iterdir()] == ["actor-tom-reed.html"]
    assert (site / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_folder_with_other_files_is_refused(dossier: Dossier, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="holds files that do not belong to a site"):
        write_site(dossier, tmp_path)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "mine"


def test_manifest_cannot_name_files_outside_of_the_folder(dossier: Dossier, tmp_path: Path) -> None:
    (tmp_path / "mine.html").write_text("mine", encoding="utf-8")
    site = tmp_path / "site"
    site.mkdir()
    (site / ".summarizer-site").write_text(f"../mine.html\n{tmp_path / 'mine.html'}", encoding="utf-8")
    write_site(dossier, site)
    assert (tmp_path / "mine.html").exists()


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    for number, attack in enumerate(ATTACKS[::8]):
        held: list[Held] = [(attack, attack, "agrees", attack)]
        write_site(Dossier([make_brief("2026-01-05", held, site=attack, title=attack)]), tmp_path / str(number))
        for path, page in pages(tmp_path / str(number)).items():
            scripts = [node for node in page.css("script") if node.attributes.get("type") != "application/json"]
            assert len(scripts) == (path.name == "search.html")
            assert not page.css("img, iframe, object, embed, math, foreignObject")


def test_empty_dossier_is_a_site_that_says_so(tmp_path: Path) -> None:
    assert write_site(Dossier(), tmp_path / "site") == 2
    assert "No position was found." in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_site_that_was_interrupted_can_be_written_again(
    dossier: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(done: int, _: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_site(dossier, tmp_path / "site", on_page=stop)
    assert write_site(dossier, tmp_path / "site") == 8
