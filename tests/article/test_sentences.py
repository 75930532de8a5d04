"""Where sentences end, invisible characters, and the article that the library comes with."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer._text import INVISIBLE, strip_invisible
from summarizer.article import Article, read
from summarizer.article.cleaning import find_invisible
from summarizer.article.paragraphs import split_lines


def sentences(text: str) -> list[str]:
    return [sentence.text for sentence in read(Article.from_text(text)).sentences]


@pytest.mark.parametrize(
    "text",
    [
        "The harbour had been closed since the early hours, Ms. Lee told the council on Monday.",
        "The man, who at the time was a Ft. Worth member of the board, said no.",
        "Dr. Lee and Prof. Öz met the U.S. Senate at 3 p.m. on Jan. 5.",
        "J. K. Lee wrote it.",
        "It cost $3.5 million, i.e. a lot.",
    ],
)
def test_an_abbreviation_ends_no_sentence(text: str) -> None:
    assert sentences(text) == [text]


def test_a_quotation_is_parted_from_the_sentence_after_it() -> None:
    assert sentences("“It sank.” He left. “Why?” she asked.") == ["“It sank.”", "He left.", "“Why?” she asked."]


def test_white_space_in_a_sentence_is_one_space_and_its_span_holds_all() -> None:
    article = Article.from_text("It\xa0 sank\tat  noon. \u3000It rose.")
    assert [(each.text, each.spans) for each in read(article).sentences] == [
        ("It sank at noon.", ((0, 18),)),
        ("It rose.", ((20, 28),)),
    ]


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u200e", "\u202e", "\ufeff", "\u00ad", "\x07", "\u2060", "\U000e0041", "\u200d"]
)
def test_an_invisible_character_is_cut_out_of_its_word(hidden: str) -> None:
    reading = read(Article.from_text(f"The fer{hidden}ry sank."))
    assert reading.sentences[0].text == "The ferry sank."
    assert reading.sentences[0].spans == ((0, 7), (8, 16))
    assert [(cut.span, cut.reason) for cut in reading.cuts] == [((7, 8), "invisible")]


@pytest.mark.parametrize("joined", ["👩‍👩‍👧", "می‌خواهم", "क्‍ष", "葛\U000e0100"])
def test_joiners_that_join_are_kept(joined: str) -> None:
    assert find_invisible(f"{joined} sank.") == []


@given(st.text(st.sampled_from("ab é葛\u200b\u200c\u200d\u202e\ufeff\U000e0100\U000e0041\x00\n"), max_size=40))
def test_runs_of_invisible_characters_are_those_the_pattern_finds(text: str) -> None:
    gaps = find_invisible(text)
    hidden = {offset for start, end in gaps for offset in range(start, end)}
    assert hidden == {offset for found in INVISIBLE.finditer(text) for offset in range(*found.span())}
    assert "".join(character for offset, character in enumerate(text) if offset not in hidden) == strip_invisible(text)
    assert all(before.end < after.start for before, after in itertools.pairwise(gaps))


@given(st.text(st.sampled_from("ab \t\n\r\x0b\x0c\x1c\x85\u2028\u3000"), max_size=60), st.integers(1, 20))
def test_lines_are_those_of_splitlines(text: str, window: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("summarizer.article.paragraphs._WINDOW", window)
        found = list(split_lines(text))
    assert [line.text for line in found] == [words for line in text.splitlines() if (words := line.strip())]
    assert all(text[line.start : line.end] == line.text for line in found)


def test_the_seed_article_reads_as_it_should(seeds: Path) -> None:
    reading = read(Article.from_file(seeds / "ukraine-nato-offer.txt"))
    assert len(reading.sentences) == 21
    assert [each.kind for each in reading.sentences] == ["title", *["caption"] * 3, *["prose"] * 17]
    assert reading.sentence(6).text == (
        "During negotiations with US envoys over a potential Ukraine-Russia peace deal, President Volodymyr Zelensky "
        "on Dec 14 offered to drop Ukraine’s NATO aspirations."
    )
    assert len(reading.sentence(6).spans) == 3
    reasons = ["newsletter", "photo-credit", "topics", "agency-credit", "see-more"]
    assert [cut.reason for cut in reading.cuts] == reasons


@pytest.mark.parametrize("number", [0, -1, 3])
def test_a_number_that_no_sentence_has_is_an_error(number: int) -> None:
    with pytest.raises(IndexError):
        read(Article.from_text("It sank. It rose.")).sentence(number)
