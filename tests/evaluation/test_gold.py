"""Gold files: reading, checks against the article, and gold from a brief."""

import asyncio
import json
from contextlib import nullcontext
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

from summarizer import evaluate, summarize
from summarizer.errors import ConfigurationError
from summarizer.evaluation import Gold, GoldHolder, GoldPosition, gold_from_brief, gold_schema, load_gold
from summarizer.fetching import FetchedPage

ROOT = Path(__file__).parents[2]
GOLD = Path(__file__).parent / "gold"

KILN = (GOLD / "kiln.yaml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the kiln's article and its gold."""
    for name in ("kiln.txt", "kiln.yaml"):
        (tmp_path / name).write_bytes((GOLD / name).read_bytes())
    return tmp_path


def load(folder: Path, old: str = "", new: str = "") -> None:
    """Load the gold of the kiln, and its article, with a change."""
    assert old in KILN
    (folder / "kiln.yaml").write_text(KILN.replace(old, new, 1), encoding="utf-8")
    (gold,) = load_gold(folder)
    asyncio.run(gold.load())


def test_folder_is_loaded_in_the_order_of_names(folder: Path) -> None:
    (folder / "more").mkdir()
    (folder / "more" / "orchard.JSON").write_bytes((GOLD / "orchard.json").read_bytes())
    first, second = load_gold(folder)
    assert (first.article, second.article) == ("kiln.txt", "orchard.txt")
    assert first.holders[0] == GoldHolder(id="vogt", name="Ines Vogt", aliases=("the treasurer",))
    assert first.positions[3].optional
    assert first.label == str(folder / "kiln.yaml")


def test_gold_is_loaded_from_a_single_file() -> None:
    (gold,) = load_gold(str(GOLD / "orchard.json"))
    assert [position.sentences for position in gold.positions] == [(3,), (4,), (2,)]
    assert gold.positions[0].stance is None


def test_article_is_found_beside_the_gold_file() -> None:
    article = asyncio.run(load_gold(GOLD / "orchard.json")[0].load())
    assert article.text.startswith("Village wants its orchard back")
    assert article.language == "en"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("stance: agrees", "stance: agree", "line 12: positions, entry 1, stance: must be agrees"),
        ("optional: true", "option: true", "line 18: positions, entry 4, option: is not a known field"),
        ("holders: [pell]", "holders: [dario]", "line 13: positions, entry 2, holders: no holder has the id dario"),
        ("issue: kiln", "issue: kilns", "line 12: positions, entry 1, issue: no issue has the id kilns"),
        (" issue: kiln,", "", "line 12: positions, entry 1, stance: a stance needs an issue"),
        ("{id: pell", "{id: vogt", "line 6: holders, entry 2, id: the id vogt is used twice"),
        ("sentences: [6]", "sentences: []", "line 13: positions, entry 2, sentences: is empty"),
        ("sentences: [6]", "sentences: [0]", "line 13: positions, entry 2, sentences, entry 1: must be greater"),
        (
            "sentences: [6]",
            "sentences: [6, 11]",
            "line 13: positions, entry 2, sentences: there is no sentence 11; the article",
        ),
        ("sentences: [10]", "sentences: [12]", "line 23: questions, entry 2, sentences: there is no sentence 12"),
        ("sha256: 05", "sha256: 06", "line 2: sha256: the article's text has changed: its SHA-256 is 05205cac"),
        ("count: 10", "count: 9", "line 3: sentence_count: the article has 10 sentences now"),
        ("count: 10", "count: 10\nlanguage: xx", "line 4: language: xx is not a code of ISO 639-1"),
        ("count: 10", "count: 10\nlanguage: English", "line 4: language: English is not a code"),
        ("name: Dario Pell", "name: Dario Bell", "line 6: holders, entry 2, name: Dario Bell is not in the article"),
        (", name: Dario Pell", "", "line 6: holders, entry 2: a holder of the kind person needs a name"),
        ("article: kiln.txt", "article: oven.txt", "line 1: article: "),
        ("article: kiln.txt", 'article: "kiln.txt\\0"', "line 1: article: has the control character U+0000"),
        ("name: Dario Pell", 'name: "Dario\\0"', "line 6: holders, entry 2, name: has the control character U+0000"),
        ("name: Dario Pell", "name: Dario\0", "line 6: not YAML: it has the control character U+0000"),
        ("article: kiln.txt", "", "article: is missing"),
        ("positions:", "positions: [", "not YAML"),
    ],
)
def test_error_names_file_line_and_field(folder: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(folder, old, new)
    assert caught.value.message.startswith(str(folder / "kiln.yaml"))
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("05205cac033a141c21ad8fa1cde84688d6", "05205CAC033A141C21AD8FA1CDE84688D6"),
        ("count: 10", "count: 10\nlanguage: en-GB"),
        ("name: Dario Pell", "name: Mr D. Pell, aliases: [Pell]"),
    ],
)
def test_gold_may_differ_in_form_from_its_article(folder: Path, old: str, new: str) -> None:
    load(folder, old, new)


def test_names_with_endings_of_their_language_are_in_the_article(tmp_path: Path) -> None:
    text = "Die Fähre bleibt. Das ist die Meinung Grete Holms, die seit Jahren für den Erhalt der Linie streitet."
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    for name, is_there in (("Grete Holm", True), ("Grete Berg", False)):
        (tmp_path / "a.yaml").write_text(f"article: a.txt\nholders: [{{id: a, name: {name}}}]", encoding="utf-8")
        with nullcontext() if is_there else pytest.raises(ConfigurationError, match="Grete Berg is not in the article"):
            asyncio.run(load_gold(tmp_path)[0].load())


def test_other_files_in_a_folder_of_gold_are_told_by_their_keys(folder: Path) -> None:
    brief = summarize(folder / "kiln.txt", model="builtin")
    others = {
        "brief.json": (
            brief.model_dump_json(),
            "it is a brief, not gold. Make gold of it with summarizer evaluate --from",
        ),
        "run.json": (
            evaluate(folder, model="builtin").to_json(),
            "it is the report of an evaluation, not gold. Move it, or read it with --against",
        ),
        "book.yaml": ("issues: [{id: a, proposition: A.}]", "it is a codebook, not gold. Move it"),
    }
    for name, (content, message) in others.items():
        (folder / name).write_text(content, encoding="utf-8")
        with pytest.raises(ConfigurationError) as caught:
            load_gold(folder)
        assert str(caught.value).startswith(f"{folder / name}: {message}")
        (folder / name).unlink()


def test_article_is_fetched_from_an_address() -> None:
    class Site:
        async def fetch(self, address: str) -> FetchedPage:
            text = (GOLD / "orchard.txt").read_bytes()
            return FetchedPage(url=address, data=text, media_type="text/plain", charset="utf-8")

    gold = load_gold(GOLD / "orchard.json")[0].model_copy(update={"article": "https://example.org/orchard"})
    article = asyncio.run(gold.load(Site()))  # type: ignore[arg-type]
    assert article.url == "https://example.org/orchard"


def test_folder_without_gold_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="has no gold files"):
        load_gold(tmp_path)


def test_gold_that_a_program_builds_is_checked() -> None:
    with pytest.raises(ValidationError, match="no holder has the id a"):
        Gold(article="a.txt", positions=(GoldPosition(holders=("a",), sentences=(1,), statement="No."),))


def test_missing_article_of_gold_without_a_file_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.txt"):
        asyncio.run(Gold(article="nowhere.txt").load())


def test_digest_depends_on_the_content_but_not_on_the_place() -> None:
    gold = load_gold(GOLD / "kiln.yaml")[0]
    assert gold.model_copy(update={"article": "elsewhere/kiln.txt"}).digest == gold.digest
    assert gold.model_copy(update={"questions": ()}).digest != gold.digest


def test_gold_of_a_brief_fits_the_schema_and_its_article() -> None:
    gold = gold_from_brief(summarize(GOLD / "kiln.txt", model="builtin"), str(GOLD / "kiln.txt"))
    jsonschema.validate(json.loads(gold.model_dump_json()), gold_schema())
    assert asyncio.run(gold.load()).sha256 == gold.sha256


def test_published_schema_matches_the_types() -> None:
    published = json.loads((ROOT / "docs" / "gold.schema.json").read_text(encoding="utf-8"))
    assert published == gold_schema(), "Run: summarizer schema gold > docs/gold.schema.json"
    assert "missing it is not wrong" in json.dumps(published)
