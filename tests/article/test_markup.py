"""Marks of Markdown and HTML in plain text: they are cut, and offsets stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.article import Article, read
from summarizer.spans import quote

PLAIN = "“The bridge must go,” said Anna Berg."


@pytest.mark.parametrize(
    "text",
    [
        "“The bridge must go,” said **Anna Berg**.",
        "*“The bridge must go,”* said __Anna Berg__.",
        "“The bridge must go,” said ***Anna Berg***.",
        "“The bridge must go,” said [Anna Berg](https://news.example/berg).",
        "“The bridge must go,” said [Anna Berg][1].",
        "“The bridge must go,” [said Anna Berg](https://news.example/x?a=1).",
        "“The bridge must go,” said Anna Berg[3].",
        "“The bridge must go,”[12] said Anna Berg.",
        "<p>“The bridge must go,” said <b class='x'>Anna Berg</b>.</p>",
        "“The bridge must <br/>go,” said Anna Berg.",
        "![The bridge](photo.png)“The bridge must go,” said Anna Berg.",
    ],
)
def test_marks_are_cut_and_the_words_keep_their_places(text: str) -> None:
    reading = read(Article.from_text(f"{text}\n\nTom Lind left."))
    sentence = reading.sentences[0]
    assert sentence.text.replace("  ", " ") == PLAIN
    assert quote(reading.article.text, sentence.spans) == sentence.text
    assert not any(cut.reason != "markup" for cut in reading.cuts)


@pytest.mark.parametrize(
    "text",
    [
        "They won [the cup] again.", "He paid 2 * 3 * 4 marks.", "The file_name_here is long.", "It cost $5* then.",
        "a < b and b > c hold.", "He wrote [sic] and left.", "The S*** word, he said.", "[S2] Anna Berg left.",
        "C:\\temp is a folder.", "It calls __init__ and __a_b__.",
    ],
)  # fmt: skip
def test_signs_that_are_no_markup_stay(text: str) -> None:
    assert read(Article.from_text(f"{text}\n\nTom Lind left.")).sentences[0].text == text


@given(st.text(st.sampled_from("*_[]()<>/\\ab1 \n\u200b“”"), min_size=1, max_size=60))
def test_every_sentence_is_a_slice_of_the_text(text: str) -> None:
    article = Article.from_text(f"Anna Berg left. {text} The end.")
    for sentence in read(article).sentences:
        assert quote(article.text, sentence.spans) == sentence.text


def test_a_text_of_marks_alone_keeps_them() -> None:
    text = "*a* " * 5_000
    assert read(Article.from_text(text)).cuts == ()
