"""The documentation has short sentences and pages, and the changelog of the first release is short."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "cassettes/README.md", "seeds/README.md"),
    "seeds/gold/README.md",
    "examples/newsdesk/README.md",
    *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))),
]
MAX_WORDS = 25

FENCED_CODE = re.compile(r"^( *)```.*?^\1```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
INDENTED_CODE = re.compile(r"(?<=\n\n)(?: {4}.*\n+)+")
INLINE_CODE = re.compile(r"(`+).+?\1", re.DOTALL)
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
TARGET = re.compile(r"\]\(([^)\s]+)\)")
NEW_BLOCK = re.compile(r"\n\s*\n|\n\s*(?=[-*] |\d+\. |#)|\n?\|")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"”)*]*\s+(?=[\"“(*]*[A-Z0-9])")


def sentences(markdown: str) -> Iterator[str]:
    """Yield sentences, headings and cells of tables; inline code counts as one word."""
    for pattern in (FENCED_CODE, COMMENT, INDENTED_CODE):
        markdown = pattern.sub("\n\n", markdown)
    text = LINK.sub(r"\1", INLINE_CODE.sub("CODE", markdown))
    for block in NEW_BLOCK.split(text):
        yield from SENTENCE_END.split(block)


def count_words(sentence: str) -> int:
    return sum(any(map(str.isalnum, word)) for word in sentence.split())


@pytest.mark.parametrize("page", PAGES)
def test_sentences_have_at_most_25_words(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [sentence for sentence in sentences(text) if count_words(sentence) > MAX_WORDS] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_linked_file_exists(page: str) -> None:
    markdown = INLINE_CODE.sub("", FENCED_CODE.sub("", (ROOT / page).read_text(encoding="utf-8")))
    files = [target.partition("#")[0] for target in TARGET.findall(markdown) if "://" not in target]
    assert [file for file in files if not (ROOT / page).parent.joinpath(file).exists()] == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: path.stem)
def test_page_of_the_docs_has_at_most_1200_words(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").split()) <= 1_200, "split it by subject"


def test_sentences_are_found_in_all_kinds_of_text() -> None:
    markdown = (
        "# A heading\n\nOne [link](page.md). Two `words of code`.\n\n    an indented block\n\n"
        "- An item\n  of two lines.\n\n```python\ncode\n```\n\n| cell | another |\n"
    )
    found = [" ".join(sentence.split()) for sentence in sentences(markdown) if sentence.strip()]
    assert found == ["# A heading", "One link.", "Two CODE.", "- An item of two lines.", "cell", "another"]


def test_changes_of_the_first_release_take_at_most_15_lines() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", changelog, flags=re.MULTILINE)[-1]
    assert section.startswith("0.1.0")
    assert len(section.strip().splitlines()) <= 15
