"""Sentence boundaries, in every script and at any length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentencex import segment

from summarizer.article import MAX_SENTENCE_BYTES, Article, read
from summarizer.article.sentences import split_sentences
from summarizer.engines import split_into_chunks
from summarizer.spans import quote


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
def test_abbreviation_does_not_end_a_sentence(text: str) -> None:
    assert sentences(text) == [text]


def test_quotation_and_following_sentence_are_separate() -> None:
    assert sentences("“It sank.” He left. “Why?” she asked.") == ["“It sank.”", "He left.", "“Why?” she asked."]


@pytest.mark.parametrize("mark", ["“", '"', "'", "‘", "«", "« ", "„", "``", '"‘'])
def test_opening_mark_of_an_open_quotation_begins_its_sentence(mark: str) -> None:
    assert sentences(f"She left early. {mark}The ferry sank.") == ["She left early.", f"{mark}The ferry sank."]


def test_opening_mark_without_a_space_before_it_begins_its_sentence() -> None:
    assert sentences("She left early.“The ferry sank. It rose.")[:2] == ["She left early.", "“The ferry sank."]


def test_closing_mark_stays_in_its_sentence() -> None:
    text = "„Es regnet.“ „Ja.“ Er ging. «Non.» “No.” 'No.' He left."
    assert sentences(text) == ["„Es regnet.“", "„Ja.“", "Er ging.", "«Non.»", "“No.”", "'No.'", "He left."]


def test_white_space_is_collapsed_in_a_sentence_but_not_in_its_span() -> None:
    article = Article.from_text("It\xa0 sank\tat  noon. \u3000It rose.")
    assert [(sentence.text, sentence.spans) for sentence in read(article).sentences] == [
        ("It sank at noon.", ((0, 18),)),
        ("It rose.", ((20, 28),)),
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", ["a", "word ", "“", '"', "😀", "👩‍👩‍👧", "(", ".", ", ", "中", "\u0301", "A. ", "[1] ", "<article"]
)
def test_endless_line_is_split_into_sentences_and_chunks(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    reading = read(Article.from_text(text))
    assert "".join(sentence.text for sentence in reading.sentences).replace(" ", "") == text.replace(" ", "")
    assert all(len(sentence.text.encode()) <= MAX_SENTENCE_BYTES for sentence in reading.sentences)
    assert split_into_chunks(reading, chunk_tokens=MAX_SENTENCE_BYTES * 2)


def test_endless_sentence_is_cut_between_clauses_words_or_emoji() -> None:
    words = read(Article.from_text("harbour " * 1_000)).sentences
    assert {word for sentence in words for word in sentence.text.split()} == {"harbour"}
    clauses = read(Article.from_text("nobody in the harbour knew, " * 300)).sentences
    assert all(sentence.text.endswith(",") for sentence in clauses)
    family = "👩‍👩‍👧"
    emoji = read(Article.from_text(family * 1_000)).sentences
    assert all(set(sentence.text.split(family)) == {""} for sentence in emoji)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("وصل القارب. هل غرق؟ نعم.", ["وصل القارب.", "هل غرق؟", "نعم."]),
        ("渡轮沉没了。“没有人知道。”他说。", ["渡轮沉没了。", "“没有人知道。”", "他说。"]),
        ("The ferry \u202bشالوم\u202c sank. 渡轮沉没了。", ["The ferry شالوم sank.", "渡轮沉没了。"]),
        ("It says <|endoftext|> here. It sank.", ["It says <|endoftext|> here.", "It sank."]),
        ("<|im_start|>system", ["<|im_start|>system"]),
    ],
)
def test_mixed_scripts_and_special_tokens_are_text(text: str, sentences: list[str]) -> None:
    reading = read(Article.from_text(text))
    assert [sentence.text for sentence in reading.sentences] == sentences
    assert all(quote(text, sentence.spans) == sentence.text for sentence in reading.sentences)
    assert split_into_chunks(reading, chunk_tokens=30)


def test_no_break_space_before_a_full_stop_is_accepted() -> None:
    assert read(Article.from_text("Plan B\xa0. It sank.")).sentences[-1].text.endswith("It sank.")


@pytest.mark.parametrize(
    "first",
    [
        "Marc Villard said no.", "The clerk was ill.", "She asked me.", "They blamed the ref.", "He is a union rep.",
        "The dogs were fed.", "It was a near miss.", "It was a con.", "It was OK.", "There was no Plan B.",
        "They were in Group C.", "He took vitamin D.", "It was a Grade A.", "He had left the U.S.", "He left Ash Corp.",
        "It began at 6 a.m.", "It will end in Dec.", "He lived in Norwalk, Conn.", "He had left X.", "She has a Ph.D.",
    ],
)  # fmt: skip
@pytest.mark.parametrize("second", ["Anna Berg said schools should close.", "“Schools should close,” Anna Berg said."])
def test_a_word_that_is_also_an_abbreviation_ends_its_sentence_before_a_new_subject(first: str, second: str) -> None:
    assert split(f"{first} {second}") == [first, second]


@pytest.mark.parametrize(
    "sentence",
    [
        "He met U.S. President Ann Holt.", "She asked U.S. Ambassador Tom Lind.", "Roe v. Wade was cited.",
        "Acme Corp. Chief Executive Ann Holt resigned.", "They met at 6 a.m. Monday, as planned.",
        "Cllr. Ann Holt and Ald. Tom Lind left.", "Atty. Gen. Ann Holt left.", "Lt. Col. Tom Lind left.",
        "Rt. Hon. Ann Holt left.", "M. Thomas Davis left.", "Thomas E. Hill left.", "J. K. Marsh wrote it.",
        "He lives in St. Louis, Mo., with a dog.", "Ms. Malik left.", "No. 10 was silent.", "He left on Dec. 14, 2025.",
        "“He said no. Anna left,” Tom Lind said.",
    ],
)  # fmt: skip
def test_an_abbreviation_within_a_sentence_does_not_end_it(sentence: str) -> None:
    assert split(sentence) == [sentence]


def test_corrections_apply_to_english_only() -> None:
    text = "Er las Op. Der Rest fehlte."
    assert [words for *_, words in split_sentences(text, "de")] == [text]


def test_french_title_before_a_name_ends_no_sentence() -> None:
    text = "Selon M. Delorme, tout va bien. MM. Roy et Blanc en doutent. Ils votent pour le plan M. Elle vote contre."
    found = [sentence.text for sentence in read(Article.from_text(text, language="fr")).sentences]
    assert found[:2] == ["Selon M. Delorme, tout va bien.", "MM. Roy et Blanc en doutent."]


def split(paragraph: str) -> list[str]:
    return [words for *_, words in split_sentences(paragraph, "en")]


DANISH = (
    "Færgen sejler kl. 10 til Ærø, bl.a. med biler. ",
    "Den kom hjem d. 3. maj. ",
    "Ca. 40 pct. er imod, jf. Havneposten. ",
    "Dr. Holm og hr. Lund, f.eks., er for. ",
    "Det koster 3 mio. kr. om året! ",
    "Værftet A/S Holm m.fl. klagede... ",
    "Hvem betaler? ",
    "“Ingen. Heller ikke Lund,” sagde A. P. Holm. ",
    "Nr. 4 på listen, dvs. Anna, vandt (igen. Igen). ",
)


@given(st.lists(st.sampled_from(DANISH), min_size=1, max_size=5))
def test_slow_language_is_split_as_by_sentencex(parts: list[str]) -> None:
    text = "".join(parts).strip()
    found = [words for _, _, words in split_sentences(text, "da")]
    assert found == [piece.strip() for piece in segment("da", text)]
