"""Links of a brief: every quotation leads to its place in the page."""

import random
from collections.abc import Iterator
from functools import partial
from itertools import accumulate
from pathlib import Path

import pytest

from summarizer import Article, Brief, summarize
from summarizer.brief import Evidence, Position, UncitedStatement, make_links_relative_to, refer_to_article
from summarizer.render import to_html
from summarizer.sources.html.anchors import Node, PageAnchors, Run
from summarizer.spans import Span
from summarizer.store import Store
from tests.render.pages import bridge
from tests.timing import assert_linear

URL = "https://news.example/bridge"
PARAGRAPHS = (
    "The council of Riverton argued for five hours on Monday, and the mayor listened to all of it.",
    "“The bridge must go, and the sooner it goes the better,” said Anna Berg, the town’s chief engineer.",
    "“A repair is cheaper,” said Tomas Lind, chairman of the Friends of the Bridge. Who will pay for it?",
    "Carla Diaz, a councillor, said that the town could not afford either of the two plans this year.",
)


def page(url: str | None = URL) -> Article:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return Article.from_html(f"<html><body><article><h1>Bridge</h1>{body}</article></body></html>", url)


def cited(brief: Brief) -> Iterator[Evidence | UncitedStatement]:
    yield from brief.gist.evidence if brief.gist else ()
    for claim in (*brief.positions, *brief.open_questions):
        yield from claim.evidence
    yield from brief.coverage.uncited


def test_every_quotation_of_a_page_has_a_link() -> None:
    brief = summarize(page(), model="builtin")
    items = list(cited(brief))
    assert len(items) >= 4
    for item in items:
        assert item.link == page().link(Span(item.spans[0].start, item.spans[-1].end))
        assert item.link
        assert item.link.startswith(f"{URL}#:~:text=")


def test_quotations_of_a_text_have_no_link() -> None:
    brief = summarize(page().text, model="builtin")
    assert list(cited(brief))
    assert {item.link for item in cited(brief)} == {None}


def test_link_of_a_torn_sentence_covers_all_of_it() -> None:
    article, brief = page(), summarize(page(), model="builtin")
    start, end = article.text.index("The bridge"), article.text.index("cheaper,") + 8
    evidence = Evidence(sentence=1, spans=(Span(start, start + 10), Span(end - 7, end)), quote="The bridge cheaper")
    position = Position(id="P1", holders=(brief.holders[0].id,), statement="x", evidence=(evidence,))
    torn = brief.model_copy(update={"positions": (position,)})
    assert refer_to_article(torn, article).positions[0].evidence[0].link == article.link(Span(start, end))


def test_stored_brief_refers_to_the_current_address(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        first = summarize(page(), store=store, model="builtin")
        elsewhere = page("https://mirror.example/bridge")
        second = summarize(elsewhere, store=store, model="builtin")
        local = summarize(page(None).with_metadata(source="bridge.html"), store=store, model="builtin")
    assert len({item.link for brief in (first, second, local) for item in cited(brief)}) == 3 * len(
        {item.link for item in cited(first)}
    )
    assert all((item.link or "").startswith("https://mirror.example/bridge#") for item in cited(second))
    assert all((item.link or "").startswith("bridge.html#") for item in cited(local))


def test_stored_brief_has_the_warnings_of_the_current_source() -> None:
    brief, article = bridge()
    doubtful = article.model_copy(update={"warnings": ("The encoding is a guess.",)})
    assert refer_to_article(brief, doubtful).coverage.warnings == ("The encoding is a guess.",)
    assert refer_to_article(refer_to_article(brief, doubtful), article) == brief


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("pages/a%20b.html#x", "../../pages/a%20b.html#x"),
        ("out/site/a.html#x", "a.html#x"),
        ("/pages/a.html#x", None),
        ("{here}/pages/a.html#x", "../../pages/a.html#x"),
        ("file:///pages/a.html#x", None),
        ("../a.html#x", None),
        (f"{URL}#x", f"{URL}#x"),
        (None, None),
    ],
)
def test_links_of_a_page_in_another_folder_still_lead_to_the_file(
    link: str | None, expected: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    brief, _ = bridge()
    link = link and link.replace("{here}", tmp_path.resolve().as_posix())
    evidence = brief.positions[0].evidence[0].model_copy(update={"link": link})
    brief = brief.model_copy(update={"positions": (brief.positions[0].model_copy(update={"evidence": (evidence,)}),)})
    moved = make_links_relative_to(brief, Path("out") / "site")
    assert moved.positions[0].evidence[0].link == expected


def test_page_tells_no_folder_of_its_maker() -> None:
    brief, article = bridge()
    evidence = brief.positions[0].evidence[0].model_copy(update={"link": "/home/quill/paper.pdf#page=3"})
    position = brief.positions[0].model_copy(update={"evidence": (evidence,)})
    assert "quill" not in to_html(brief.model_copy(update={"positions": (position,)}), article)


def long_page(size: int) -> tuple[Brief, Article]:
    """Return an article of so many words, and a brief with a position for every 200 of them."""
    rng = random.Random(3)
    words = [f"w{rng.randrange(3_000)}" for _ in range(size)]
    paragraphs = [" ".join(words[start : start + 100]) + "." for start in range(0, len(words), 100)]
    starts = list(accumulate((len(paragraph) + 1 for paragraph in paragraphs), initial=0))
    runs = tuple(
        Run(starts[number] + number, starts[number] + number + len(paragraph), number, 0)
        for number, paragraph in enumerate(paragraphs)
    )
    nodes = tuple(Node(f"/html/body/p[{number + 1}]", starts[number]) for number in range(len(paragraphs)))
    anchors = PageAnchors(runs, nodes, "\n".join(paragraphs))
    article = Article.from_text("\n\n".join(paragraphs), url=URL, anchors=anchors)
    brief, _ = bridge()
    positions = tuple(
        brief.positions[0].model_copy(
            update={"evidence": (Evidence(sentence=1, spans=(Span(start, start + 150),), quote="x"),)}
        )
        for start in range(0, len(article.text) - 500, len(article.text) // (size // 200 + 1))
    )
    return brief.model_copy(update={"positions": positions}), article


def test_links_of_many_positions_in_a_long_page_take_linear_time() -> None:
    linked = refer_to_article(*long_page(20_000))
    assert len({position.evidence[0].link for position in linked.positions}) >= 97
    assert_linear(lambda size: partial(refer_to_article, *long_page(size)), 10_000)
