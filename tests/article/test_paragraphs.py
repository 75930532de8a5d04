"""Wraps and tears are undone; other line breaks end a paragraph."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.article import Article, read
from summarizer.article.paragraphs import split_lines, wrap_width


def sentences(text: str) -> list[str]:
    return [sentence.text for sentence in read(Article.from_text(text)).sentences]


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        ("The mayor on May 2\n\nsaid no.", ["The mayor on May 2 said no."]),
        ("The office, an agency\n\nof the city\n\n, said no.", ["The office, an agency of the city, said no."]),
        ("She told the\n\nHarbour Post\n\nthat it sank.", ["She told the Harbour Post that it sank."]),
        ("He dropped the plan\n\n. The mayor had said no.", ["He dropped the plan.", "The mayor had said no."]),
        ("The office (\n\nthe city’s\n\n) said no.", ["The office (the city’s) said no."]),
        ("The ferry sank\r\n\r\noff the cape.", ["The ferry sank off the cape."]),
        ("hi all,\n\njust to say that it sank.", ["hi all, just to say that it sank."]),
        (
            "The ferry that was built in the yards of the old town by\n\nLee and Sons\n\nsank.",
            [
                "The ferry that was built in the yards of the old town by",
                "Lee and Sons sank.",
            ],  # short: may be a heading
        ),
        (
            "The ferry that had been built in the busy yards of the old town by\n\nLee and Sons\n\nsank.",
            ["The ferry that had been built in the busy yards of the old town by Lee and Sons sank."],
        ),
    ],
)
def test_torn_sentence_is_joined(torn: str, whole: list[str]) -> None:
    assert sentences(f"It was noon.\n\n{torn}") == ["It was noon.", *whole]


@pytest.mark.parametrize(
    "text",
    [
        "Where they come from\n\nLee was born in May.",
        "The ferry sank.\n\nand nobody drowned.",
        "The company\n\niPhone sales fell.",
        "The company\n\n’90s songs were played.",
        "The company\n\n.NET was not discussed.",
        "The company\n\n… and then it sank.",
        "The company\n\n”Jag vet inte”, she said.",
        "To buy\n\nflour\n\nsugar\n\neggs",
        "– It sank, she said.\n\n– It did not, he said.",
        "- flour\n- sugar\n- eggs",
        "1. It sank.\n2. It rose.",
        "Q: Did it sink?\nA: It did.",
        "ANN LEE: Did it sink?\nBO DAY: it did.",
        "العنوان\n\nقال الرئيس نعم.",
        "标题\n\n他说好。",
    ],
)
def test_separate_lines_stay_separate(text: str) -> None:
    lines = [line for line in text.split("\n") if line]
    found = read(Article.from_text(text)).sentences
    assert len({sentence.paragraph for sentence in found}) == len(lines)


def test_series_of_tears_without_an_end_is_a_list() -> None:
    assert sentences("\n\n".join(["Words:", *["and so on"] * 50, "Done."])) == ["Words:", *["and so on"] * 50, "Done."]


@pytest.mark.parametrize(("links", "paragraphs"), [(20, 1), (21, 22)])
def test_more_than_twenty_tears_make_a_list(links: int, paragraphs: int) -> None:
    text = "\n\n".join(["The office of", *["the port"] * links]) + "."
    assert len({sentence.paragraph for sentence in read(Article.from_text(text)).sentences}) == paragraphs


def test_torn_sentence_has_one_span_per_piece() -> None:
    article = Article.from_text("It was noon.\n\nThe office, an\n\nagency\n\n, said\n\nno.")
    (_, torn) = read(article).sentences
    assert [article.text[start:end] for start, end in torn.spans] == ["The office, an\n", "agency", ", said\n", "no."]
    assert torn.text == "The office, an agency, said no."


def test_tear_is_joined_across_a_cut() -> None:
    assert sentences("The mayor told the city\n\nAdvertisement\n\nthat it sank.") == [
        "The mayor told the city that it sank."
    ]
    assert sentences("The mayor told the city\nAdvertisement\nthat it sank.") == [
        "The mayor told the city that it sank."
    ]


def test_wrapped_lines_are_joined_to_paragraphs() -> None:
    text = (
        "The ferry left the harbour at noon with ninety people on\n"
        "board, the office said. It was bound for the cape, which\n"
        "Lee and Sons had served since May.\n\nNobody drowned, said the office, and the ferry is being\n"
        "repaired.\nhttps://harbour.example/a/very/long/address/that/no/column/can/hold/whatever/its/width/is.html\n"
    )
    assert sentences(text)[:3] == [
        "The ferry left the harbour at noon with ninety people on board, the office said.",
        "It was bound for the cape, which Lee and Sons had served since May.",
        "Nobody drowned, said the office, and the ferry is being repaired.",
    ]


def test_wrapped_chinese_lines_are_joined_without_a_space() -> None:
    line = "渡轮中午离开港口时船上有九十人港务局说它开往海角那里的人们等了很久他们都很高兴看到它"
    assert sentences(f"{line}\n{line}\n{line}。") == [f"{line * 3}。"]


@pytest.mark.parametrize(
    "text",
    [
        "The ferry left the harbour at noon. " * 5 + "\nIt sank.",  # paragraphs, a line each
        "Roses are red,\nviolets are blue,\nsugar is sweet.",
        "Anna\nBo\nCem\nDilek",
        "",
    ],
)
def test_unwrapped_text_has_no_width(text: str) -> None:
    assert wrap_width(text) == 0


def test_poem_keeps_its_lines() -> None:
    poem = "The ferry left at noon,\nThe bells were all in tune;\nNo wind was in the sail,\nAnd none foresaw the gale."
    assert [sentence.paragraph for sentence in read(Article.from_text(poem)).sentences] == [0, 1, 2, 3]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\x0b"])
def test_every_line_separator_ends_a_line(end: str) -> None:
    assert sentences(f"It sank.{end}{end}Nobody drowned{end}Advertisement") == ["It sank.", "Nobody drowned"]


def test_indented_line_is_not_blank() -> None:
    paragraphs = read(Article.from_text("他说好，\n\u3000\u3000然后走了。")).sentences
    assert [sentence.paragraph for sentence in paragraphs] == [0, 1]


@given(st.text(st.sampled_from("ab \t\n\r\x0b\x0c\x1c\x85\u2028\u3000"), max_size=60))
def test_lines_are_those_of_splitlines(text: str) -> None:
    found = list(split_lines(text))
    assert [line.text for line in found] == [words for line in text.splitlines() if (words := line.strip())]
    assert all(text[line.start : line.end] == line.text for line in found)
