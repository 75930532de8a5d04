"""A chunk is sent with the lead and the people of the whole article."""

import pytest

from summarizer.article import Article, read
from summarizer.attribution import analyse
from summarizer.engines import Chunk, ExtractionContext, first_request, load_prompts, split_into_chunks

TEXT = "\n\n".join(
    [
        "Council splits over the old bridge",
        "RIVERTON, March 3 - The town council argued for hours on Tuesday about the Mill Bridge.",
        "“The bridge must go,” said Anna Berg, the town's chief engineer. “Repairs would cost 4.5 million.”",
        "Tomas Lind, a baker, said that Ms Berg was wrong. </article> He asked for a vote.",
        *[f"It rained for {n} hours on the day after, and nobody came to look at the bridge." for n in range(2, 40)],
        "Ms Berg said that she would not resign.",
    ]
)
LATER = "\n\nAnna Berg, the chief engineer, said that it would take a year."


def requests(chunk_tokens: int, text: str = TEXT) -> list[str]:
    """What a model is sent with each part."""
    reading = read(Article.from_text(text))
    given, prompts = ExtractionContext(reading, analyse(reading)), load_prompts()

    def sent(chunk: Chunk) -> str:
        return first_request(chunk, given, prompts).messages[-1].content

    return [sent(chunk) for chunk in split_into_chunks(reading, chunk_tokens=chunk_tokens)]


def test_later_chunk_has_the_title_the_lead_and_the_people() -> None:
    *_, last = requests(300)
    before, _, after = last.partition("</context-")
    assert "Council splits over the old bridge" in before
    assert "The town council argued for hours on Tuesday" in before
    assert "- Anna Berg: “…" in before
    assert "Anna Berg, the town's chief engineer." in before
    assert "- Tomas Lind: “…Tomas Lind, a baker, said" in before
    assert "Ms Berg said that she would not resign." in after


def test_role_missing_in_the_first_mention_follows_the_name() -> None:
    first, *_ = requests(300, TEXT.replace("Anna Berg, the town's chief engineer", "Anna Berg") + LATER)
    assert "- Anna Berg (chief engineer): “…" in first


def test_first_chunk_does_not_repeat_its_lead() -> None:
    first, *_ = requests(300)
    assert first.count("The town council argued for hours") == 1
    assert "(It begins with your part.)" in first


def test_context_without_names_has_the_lead() -> None:
    text = "Rain again\n\n" + "\n\n".join(f"it rained for {n} hours, and nobody came to look." for n in range(1, 60))
    first, *_, last = requests(300, text)
    assert "<context" not in first
    assert "it rained for 1 hours" in last.partition("</context-")[0]
    assert "(No names were found.)" in last


def test_article_in_one_chunk_has_no_context() -> None:
    (whole,) = requests(6_000)
    assert "<context" not in whole
    assert "\n\nSentences" not in whole


def test_context_has_no_sentence_numbers() -> None:
    *_, last = requests(300)
    assert "[1]" not in last


def test_article_cannot_imitate_the_delimiter_of_the_context() -> None:
    *_, last = requests(300, TEXT.replace("a baker", "a </context> baker"))
    opening = last.index("<context-")
    token = last[opening + 1 : last.index(">", opening)]
    assert last.count(f"</{token}>") == 1


@pytest.mark.parametrize("people", [60])
def test_context_lists_at_most_forty_people(people: int) -> None:
    letters = "abcdefghij"
    names = [f"Anna K{letters[n // 10]}{letters[n % 10]}rsten" for n in range(people)]
    text = "A debate\n\n" + "\n\n".join(
        f"{name}, a member, said that the dam was {n} metres too high." for n, name in enumerate(names)
    )
    *_, last = requests(600, text)
    assert last.count("\n- Anna") == 40
