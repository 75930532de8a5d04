"""Syndicated copies count once, and their outlets are listed."""

import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import Article, Brief, Dossier, Store, summarize, summarize_many
from summarizer.dossier.copies import link_copies

WORDS = "harbour council ferry toll bridge winter money plan road school market field river stone grain".split()
SAID = "“The toll is unfair,” Jane Hill said."


def prose(seed: int, sentences: int = 12) -> list[str]:
    """Return sentences of random words, the first of which has a position."""
    chance = random.Random(seed)
    return [SAID, *(f"The {' '.join(chance.choices(WORDS, k=9))} is new." for _ in range(sentences - 1))]


@cache
def made(text: str, site: str, day: str | None, title: str) -> tuple[Brief, Article]:
    article = Article.from_text(text, title=title, site=site, published=day)
    return summarize(article, model="builtin"), article


def add(store: Store, sentences: list[str], site: str, day: str | None = "2026-01-05", title: str = "Toll") -> None:
    store.add(*made("\n\n".join(sentences), site, day, title))


def originals(store: Store) -> list[tuple[str, str | None]]:
    """Return each outlet with the outlet of the article that counts instead."""
    link_copies(store.database, lambda *_: None)
    sql = (
        "SELECT articles.site, original.site AS other FROM articles "
        "LEFT JOIN articles AS original ON original.id = articles.copy_of ORDER BY articles.id"
    )
    return [(row["site"], row["other"]) for row in store.database.query(sql)]


TEXT = prose(1)
CHANGED = [sentence.replace("harbour", "port") if number == 3 else sentence for number, sentence in enumerate(TEXT)]


@pytest.mark.parametrize(
    "other",
    [
        TEXT,
        TEXT[:8],
        ["By the agency in the north", *TEXT],
        CHANGED,
        [*TEXT, "Send us your letters."],
    ],
    ids=["the same", "shortened", "with another start", "with changed words", "with an end"],
)
def test_a_copy_counts_once_and_its_outlet_is_listed(tmp_path: Path, other: list[str]) -> None:
    with Store(tmp_path / "briefs.db") as store:
        add(store, TEXT, "The Courier")
        add(store, other, "Evening Post", title="Another headline")
        dossier = Dossier.from_store(store)
        (statement,) = dossier.timeline(actor="jane-hill")
        details = dossier.details([statement.position])[statement.position]
        assert {details.source, *details.also_in} == {"The Courier", "Evening Post"}
        (found,) = store.search("unfair")
        assert {found.source, *found.also_in} == {"The Courier", "Evening Post"}


@pytest.mark.parametrize(
    "other",
    [prose(2), [SAID, *prose(3)[:3], *TEXT[:3]], TEXT[:4], [*TEXT, *prose(4, 30)]],
    ids=["another text", "a report with quotations of it", "a short note", "a long report that quotes it"],
)
def test_articles_with_a_part_in_common_are_no_copies(tmp_path: Path, other: list[str]) -> None:
    with Store(tmp_path / "briefs.db") as store:
        add(store, TEXT, "The Courier")
        add(store, other, "Evening Post")
        assert originals(store) == [("The Courier", None), ("Evening Post", None)]


COSTS = "“The bridge will cost 40 million pounds and Tom Reed must pay for it,” Jane Hill said."


@pytest.mark.parametrize(
    "words",
    [
        "“The bridge will not cost 40 million pounds and Tom Reed must pay for it,” Jane Hill said.",
        "“The bridge won’t cost 40 million pounds and Tom Reed must pay for it,” Jane Hill said.",
        "“The bridge will cost 75 million pounds and Tom Reed must pay for it,” Jane Hill said.",
        "“The bridge will cost 40 million pounds and Ben Cole must pay for it,” Jane Hill said.",
    ],
)
def test_texts_with_other_statements_are_no_copies(tmp_path: Path, words: str) -> None:
    with Store(tmp_path / "briefs.db") as store:
        add(store, [COSTS, *TEXT], "The Courier")
        add(store, [words, *TEXT], "Evening Post")
        assert originals(store) == [("The Courier", None), ("Evening Post", None)]
        quotations = {row[0] for row in store.database.query("SELECT quotation FROM positions_view")}
        assert {COSTS, words} <= quotations


@pytest.mark.parametrize(
    "words",
    [
        "“The bridge will cost 40 million pounds and Tom Reed must pay for it,” Hill said.",
        "“The bridge will cost 40 million pounds and Tom Reed has to pay for it,” Jane Hill, 54, said.",
    ],
)
def test_small_changes_of_a_statement_leave_it_a_copy(tmp_path: Path, words: str) -> None:
    with Store(tmp_path / "briefs.db") as store:
        add(store, [COSTS, *TEXT], "The Courier")
        add(store, [words, *TEXT], "Evening Post", "2026-01-06")
        assert originals(store) == [("The Courier", None), ("Evening Post", "The Courier")]


def test_short_texts_are_copies_only_on_one_day(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        add(store, [SAID], "A", "2026-01-05")
        add(store, [SAID], "B", "2026-03-05")
        add(store, [SAID], "C", "2026-01-05", title="Tolls")
        add(store, [SAID], "D", "2026-01-06")
        assert originals(store) == [("A", None), ("B", None), ("C", "A"), ("D", None)]


def test_notes_of_a_few_lines_are_copies_within_days(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        for site, day in {"A": "02", "B": "01", "C": "06", "D": "12"}.items():
            add(store, TEXT[:3], site, f"2026-01-{day}")
        assert originals(store) == [("A", "B"), ("B", None), ("C", None), ("D", None)]


def test_outlets_of_the_very_same_article_are_listed(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        article = Article.from_text("\n\n".join(TEXT), site="The Courier")
        for site in ("The Courier", "Evening Post"):
            summarize(article.model_copy(update={"site": site}), model="builtin", store=store)
        add(store, TEXT, "Morning News")
        dossier = Dossier.from_store(store)
        (statement,) = dossier.statements
        details = dossier.details([statement.position])[statement.position]
        assert {details.source, *details.also_in} == {"The Courier", "Evening Post", "Morning News"}
        assert store.search("unfair")[0].also_in == details.also_in


@pytest.mark.parametrize("concurrency", [1, 4])
def test_outlets_of_articles_that_a_batch_skips_are_listed(tmp_path: Path, concurrency: int) -> None:
    text = "\n\n".join(TEXT)
    sources = [
        Article.from_text(text, site=site, title=f"Toll, by {site}", url=f"https://{site.lower()}.example/toll")
        for site in ("Courier", "Post", "Courier", "News")
    ]
    with Store(tmp_path / "briefs.db") as store:
        for _ in range(2):
            outcomes = summarize_many(
                sources, model="builtin", store=store, skip_repeated=True, concurrency=concurrency, ordered=True
            )
            assert [each.status for each in outcomes] == ["done", "skipped", "skipped", "skipped"]
        dossier = Dossier.from_store(store)
        (statement,) = dossier.statements
        details = dossier.details([statement.position])[statement.position]
        assert (details.source, sorted(details.also_in)) == ("Courier", ["News", "Post"])
        rows = store.database.query("SELECT outlet, url FROM copies_view ORDER BY outlet")
        assert [*map(tuple, rows)] == [("News", "https://news.example/toll"), ("Post", "https://post.example/toll")]


@pytest.mark.parametrize("label", ["site", "source"])
@pytest.mark.parametrize("days", [("01", "02", "03"), ("03", "02", "01"), ("02", "03", "01")])
def test_the_earliest_copy_of_a_batch_counts(tmp_path: Path, label: str, days: tuple[str, ...]) -> None:
    text = "\n\n".join(TEXT)
    sources = [Article.from_text(text, published=f"2026-01-{day}", **{label: f"Paper {day}"}) for day in days]  # type: ignore[arg-type]
    with Store(tmp_path / "briefs.db") as store:
        list(summarize_many(sources, model="builtin", store=store, skip_repeated=True, concurrency=1))
        dossier = Dossier.from_store(store)
        (statement,) = dossier.statements
        details = dossier.details([statement.position])[statement.position]
        assert (statement.date, statement.source) == ("2026-01-01", "Paper 01")
        assert sorted(details.also_in) == ["Paper 02", "Paper 03"]
        assert {each.outlet for each in dossier.outlets()} == {"Paper 01", "Paper 02", "Paper 03"}


PLACES = [
    "texts/02.txt",
    "rest.jsonl, line 1",
    "/data/report",
    "standard input, line 7",
    "book.EPUB, chapter 2",
    "a.md",
]
NAMES = ["The Courier", "AP/Reuters", "zeit.de", "Line 1 News", "St. Galler Tagblatt", "Post"]


@pytest.mark.parametrize("source", [*PLACES, *NAMES])
def test_files_are_no_outlets(source: str) -> None:
    article = Article.from_text(TEXT[0], source=source, published="2026-01-05")
    dossier = Dossier([summarize(article, model="builtin")])
    expected = source if source in NAMES else None
    assert [each.source for each in dossier.statements] == [expected]
    assert [each.outlet for each in dossier.outlets()] == [expected] * (expected is not None)
    assert dossier.details([1])[1].source == source


def test_the_earliest_whole_text_counts(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        add(store, TEXT[:7], "Flash", "2026-01-04")
        add(store, TEXT, "Late", "2026-01-06")
        assert originals(store) == [("Flash", "Late"), ("Late", None)]
        add(store, TEXT, "Early", "2026-01-05")
        add(store, TEXT, "Undated", None)
        expected = [("Flash", "Early"), ("Late", "Early"), ("Early", None), ("Undated", "Early")]
        assert originals(store) == expected


def test_copies_are_found_in_briefs_without_articles() -> None:
    text = [f"“{' '.join(random.Random(n).choices(WORDS, k=12))},” Jane Hill said." for n in range(8)]
    articles = [Article.from_text("\n\n".join(text), site=site, title=site) for site in ("A", "B")]
    dossier = Dossier(summarize(article, model="builtin") for article in articles)
    assert len({statement.article for statement in dossier.statements}) == 1
    (first, *_) = dossier.statements
    assert dossier.details([first.position])[first.position].also_in == ("B",)


def test_a_copy_is_selected_by_its_outlet(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        add(store, TEXT, "The Courier")
        add(store, TEXT, "Evening Post", title="Another headline")
        assert len(Dossier.from_store(store, sources=["Evening Post"]).statements) == 1
        assert len(Dossier.from_store(store, sources=["Morning News"]).statements) == 0


@settings(max_examples=10)
@given(st.permutations(range(4)))
def test_the_order_of_arrival_does_not_matter(order: list[int]) -> None:
    store = Store.temporary()
    for number in order:
        add(store, TEXT if number else TEXT[:9], str(number), f"2026-01-0{number + 1}")
    assert {site for site, original in originals(store) if original is None} == {"1"}


def test_the_outlets_of_an_article_are_found_by_indexes(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        plan = store.database.query("EXPLAIN QUERY PLAN SELECT outlet FROM copies_view WHERE article IN (1, 2)")
    tables = [row["detail"].split()[:2] for row in plan]
    assert {"SEARCH"} == {what for what, table in tables if table in {"outlets", "articles", "copies"}}
