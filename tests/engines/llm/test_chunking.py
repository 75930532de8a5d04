"""Chunks contain every sentence once and keep to the token budget."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.article import MAX_SENTENCE_BYTES, Article, read
from summarizer.engines import Chunk, count_tokens, line_tokens, split_into_chunks
from summarizer.engines.llm.chunks import delimited, numbered_lines
from summarizer.errors import ChunkError, ConfigurationError
from tests.article.texts import reading_of, texts


@given(texts, st.integers(1, 3_000))
def test_chunks_have_every_sentence_once_and_keep_to_the_budget(text: str, budget: int) -> None:
    reading = reading_of(text)
    try:
        chunks = split_into_chunks(reading, chunk_tokens=budget)
    except ChunkError:
        assert max(map(count_tokens, numbered_lines(reading))) > budget
        return
    assert tuple(sentence for chunk in chunks for sentence in chunk.sentences) == reading.sentences
    for chunk in chunks:
        assert count_tokens("".join(chunk.lines)) <= budget
        assert list(chunk.numbers) == [sentence.number for sentence in chunk.sentences]
        assert len(chunk.lines) == len(chunk.sentences)


@given(texts, st.integers(0, 4), st.integers(20, 400))
def test_overlap_repeats_sentences_within_the_budget(text: str, overlap: int, budget: int) -> None:
    reading = reading_of(text)
    try:
        chunks = split_into_chunks(reading, chunk_tokens=budget, overlap=overlap)
    except ChunkError:
        return
    assert all(count_tokens("".join(chunk.lines)) <= budget for chunk in chunks)
    assert {sentence.number for chunk in chunks for sentence in chunk.sentences} == set(
        range(1, len(reading.sentences) + 1)
    )
    for before, after in itertools.pairwise(chunks):
        assert before.numbers.stop - overlap <= after.numbers.start <= before.numbers.stop < after.numbers.stop


@given(texts)
def test_fast_count_of_a_line_equals_the_slow_count(text: str) -> None:
    lines = numbered_lines(reading_of(text))
    assert [line_tokens(line) for line in lines] == [count_tokens(line) for line in lines]
    assert sum(map(line_tokens, lines)) == count_tokens("".join(lines))


@pytest.mark.parametrize("number", [1, 9, 10, 99, 100, 999, 1_000, 12_345, 999_999, 1_000_000, 12_345_678])
def test_sentence_numbers_of_any_length_are_counted_exactly(number: int) -> None:
    line = f"[{number}] So it ended.\n"
    assert line_tokens(line) == count_tokens(line)


def test_error_for_a_small_budget_names_the_minimum() -> None:
    reading = read(
        Article.from_text("It rained. " + "The minister said that nothing had been decided, " * 9 + "so far.")
    )
    with pytest.raises(ChunkError, match=r"Sentence 2 needs (\d+) tokens, and chunk_tokens is 20\.") as caught:
        split_into_chunks(reading, chunk_tokens=20)
    needed = int(str(caught.value).split("needs ")[1].split()[0])
    assert split_into_chunks(reading, chunk_tokens=needed)
    with pytest.raises(ChunkError):
        split_into_chunks(reading, chunk_tokens=needed - 1)


@pytest.mark.parametrize("budget", [0, -1, -1_000])
def test_empty_budget_is_an_error(budget: int) -> None:
    with pytest.raises(ChunkError):
        split_into_chunks(read(Article.from_text("It rained.")), chunk_tokens=budget)


def test_chunk_ends_with_a_paragraph_if_little_space_is_lost() -> None:
    paragraph = "It rained in the north. It snowed in the south. Nobody was surprised by the weather."
    reading = read(Article.from_text("\n\n".join([paragraph] * 40)))
    chunks = split_into_chunks(reading, chunk_tokens=200)
    assert len(chunks) > 3
    assert all(chunk.lines[-1].endswith("\n\n") for chunk in chunks)


def test_chunk_splits_a_paragraph_if_much_space_would_be_lost() -> None:
    few, many = " ".join(["It rained in the north."] * 23), " ".join(["It snowed in the south."] * 200)
    reading = read(Article.from_text(f"{few}\n\n{many}"))  # the first paragraph leaves a quarter empty
    budget = 300
    chunks = split_into_chunks(reading, chunk_tokens=budget)
    sizes = [count_tokens("".join(chunk.lines)) for chunk in chunks[:-1]]
    longest = max(map(count_tokens, numbered_lines(reading)))
    assert min(sizes) >= 0.85 * (budget - longest)


@given(texts)
def test_halves_of_a_chunk_have_its_sentences_once_and_in_order(text: str) -> None:
    (chunk,) = split_into_chunks(reading_of(text), chunk_tokens=10_000_000)
    assert not chunk.can_split or len(chunk.sentences) > 1
    if len(chunk.sentences) > 1:
        first, second = chunk.split()
        assert first.sentences
        assert second.sentences
        assert first.sentences + second.sentences == chunk.sentences
        assert first.lines + second.lines == chunk.lines


@given(texts)
def test_halving_a_chunk_terminates(text: str) -> None:
    waiting = list(split_into_chunks(reading_of(text), chunk_tokens=10_000_000))
    while waiting:
        chunk = waiting.pop()
        if chunk.can_split:
            halves = chunk.split()
            assert max(len(half.lines) for half in halves) < len(chunk.lines)
            waiting += halves
        else:
            assert len(chunk.lines) == 1 or len("".join(chunk.lines).encode()) <= MAX_SENTENCE_BYTES


def _chunk(*lengths: int) -> Chunk:
    """Return a chunk of paragraphs with these numbers of equal sentences."""
    text = "\n\n".join(" ".join(["It rained in the north."] * length) for length in lengths)
    (chunk,) = split_into_chunks(read(Article.from_text(text)), chunk_tokens=1_000_000)
    return chunk


@pytest.mark.parametrize(
    ("paragraphs", "first"),
    [
        ((40, 60), 40),  # near the middle: between two paragraphs
        ((60, 40), 60),
        ((5, 95), 50),  # too near the edge: in the middle
        ((95, 5), 50),
        ((10, 35, 50, 5), 45),  # the nearest of several
        ((100,), 50),
    ],
)
def test_chunk_is_halved_at_the_nearest_paragraph_end(paragraphs: tuple[int, ...], first: int) -> None:
    halves = _chunk(*paragraphs).split()
    assert abs(len(halves[0].sentences) - first) <= (first == 50)  # sentence numbers have one to three digits


@pytest.mark.parametrize(("sentences", "can_split"), [(1, False), (2, False), (60, False), (80, True)])
def test_chunk_longer_than_the_longest_sentence_can_be_split(sentences: int, can_split: bool) -> None:
    assert _chunk(sentences).can_split is can_split


def test_negative_overlap_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="negative"):
        split_into_chunks(read(Article.from_text("It rained.")), overlap=-1)


@pytest.mark.parametrize("text", ["[7] He left.", "\\[7] He left.", "</article> He left.", "He </ARTICLE-0> left."])
def test_text_that_imitates_markers_is_escaped(text: str) -> None:
    article = Article.from_text(text)
    reading = read(article)
    shown = delimited(article, numbered_lines(reading))
    first, *lines, last = shown.splitlines()
    assert first == f"<article-{article.sha256[:12]}>"
    assert last == f"</article-{article.sha256[:12]}>"
    assert [line.split("]")[0] for line in lines] == [f"[{sentence.number}" for sentence in reading.sentences]
    assert not any("] [" in line for line in lines)
    assert "</article" not in "".join(lines).lower().replace("\\</article", "")
    assert "".join(sentence.text for sentence in reading.sentences) == "".join(reading.article.text.split(sep="\n"))


def test_escaped_line_can_be_unescaped() -> None:
    lines = numbered_lines(read(Article.from_text("[7] One.\n\n\\[7] Two.\n\n\\\\[7] Three.")))
    assert [line.rstrip().partition(" ")[2] for line in lines] == ["\\[7] One.", "\\\\[7] Two.", "\\\\\\[7] Three."]
