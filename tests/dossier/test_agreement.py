"""Statements are grouped many times by what surrounds them, and those are placed on which most groupings agree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.dossier.agreement import Agreement, Vector, scaled
from summarizer.dossier.grouping import Grouping, Passage, Unit
from summarizer.dossier.wording import read_content, read_terms


def topic_vectors(sizes: list[int]) -> list[tuple[int, Vector]]:
    """Return vectors with their topics: words of a topic, and one word that all have."""
    return [
        (topic, scaled({f"{topic}-{number % 3}": 1.0, f"{topic}-{(number + 1) % 3}": 1.0, "all": 0.3}))
        for topic, size in enumerate(sizes)
        for number in range(size)
    ]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(6, 15), min_size=2, max_size=4))
def test_clear_topics_are_groups(sizes: list[int]) -> None:
    known = topic_vectors(sizes)
    agreement = Agreement([vector for _, vector in known], len(sizes))
    found = [(topic, agreement.find(vector)[0]) for topic, vector in known]
    assert len(set(found)) == len(sizes)
    assert len({group for _, group in found}) == len(sizes)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.1, 3), min_size=1).map(scaled), min_size=3, max_size=20
    ),
    st.integers(1, 3),
)
def test_groups_are_the_same_each_time_and_agreement_is_a_share(vectors: list[Vector], count: int) -> None:
    one, other = Agreement(vectors, count), Agreement(vectors, count)
    for vector in vectors:
        group, agreed = one.find(vector)
        assert (group, agreed) == other.find(vector)
        assert 0 <= group < count
        assert 0 <= agreed <= 1


VECTORS = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.001, 3)).map(scaled)


@settings(max_examples=50, deadline=None)
@given(st.lists(VECTORS, min_size=3, max_size=20), VECTORS, st.integers(1, 3))
def test_what_was_found_for_the_own_vectors_is_what_is_found_again(
    vectors: list[Vector], other: Vector, count: int
) -> None:
    agreement = Agreement(vectors, count)
    assert agreement.found == list(map(agreement.find, vectors))
    group, agreed = agreement.find(other)
    assert 0 <= group < count
    assert 0 <= agreed <= 1


def test_what_has_words_of_two_topics_or_of_none_is_less_agreed_on() -> None:
    known = [vector for _, vector in topic_vectors([10, 10, 10])]
    agreement = Agreement(known, 3)
    least = min(agreement.find(vector)[1] for vector in known)
    assert agreement.find(scaled({"0-0": 1.0, "1-0": 1.0}))[1] < least
    assert agreement.find({"unknown": 1.0})[1] < least


HOLDERS = ["Vera Lind", "Owen Tarr", "Kaspar Holt", "Ruth Amsel"]
SAID = ["The {} must come.", "They want the {}.", "No {}, ever.", "The {} should be built."]
SENTENCE = {
    "garage": "The garage would have a ramp and forty bays.",
    "tram": "The tram would run on rails past the depot.",
    "orchard": "The orchard has pears and a hedge.",
}


def unit(article: int, holder: str, text: str, cited: str, headline: str) -> Unit:
    return Unit(article, holder, read_content(text), text, cited=read_terms(cited), headline=read_terms(headline))


@pytest.fixture(scope="module")
def grouping() -> Grouping:
    """Return the groups of a dispute on three matters, with four articles on each."""
    units, passages = [], {}
    for article in range(12):
        topic = list(SENTENCE)[article % 3]
        said = [f"{text.format(topic)[:-1]} by {2030 + article}." for text in SAID]
        headline = f"{topic} splits Marlow"
        texts = [headline, SENTENCE[topic], *said, "It was a disgrace."]
        passages[article] = [Passage(read_terms(text), text) for text in texts]
        units += [
            unit(article, name, text, text, headline)
            for name, text in zip(HOLDERS[article % 4 :] + HOLDERS, said, strict=False)
        ]
    return Grouping(units, passages)


@pytest.mark.parametrize("topic", SENTENCE)
def test_what_surrounds_a_statement_tells_its_matter(grouping: Grouping, topic: str) -> None:
    article = list(SENTENCE).index(topic)
    cited = f"Of the {topic}, she said: It was a disgrace."
    group, agreed = grouping.place(unit(article, "Ann Reed", "It was a disgrace.", cited, f"{topic} news"))
    assert group is not None
    assert not read_terms(topic).keys().isdisjoint(group.terms)
    assert 0 < agreed <= 1


def test_a_statement_without_a_word_of_the_dispute_is_not_placed(grouping: Grouping) -> None:
    assert grouping.place(unit(99, "Ann Reed", "It rained.", "It rained.", "Weather")) == (None, 0)
