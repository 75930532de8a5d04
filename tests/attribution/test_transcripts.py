"""Transcripts, interviews and the headers of e-mail: labels say whose words follow."""

import pytest

from summarizer.article import Article
from summarizer.attribution import attributions

BRIDGE = [
    "HOST: Welcome. Should the bridge go?",
    "BERG: It must. The piers are cracked.",
    "LIND: I disagree. They are sound.",
]


def turns(text):
    """What is said and by whom, of the labelled turns."""
    return [
        (" ".join(text[start:end] for start, end in each.content), [entity.name for entity in each.holders])
        for each in attributions(Article.from_text(text))
        if each.rule.is_turn
    ]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_every_labelled_line_is_its_speakers(between):
    assert turns(between.join(BRIDGE)) == [
        ("Welcome. Should the bridge go", ["Host"]),
        ("It must. The piers are cracked", ["Berg"]),
        ("I disagree. They are sound", ["Lind"]),
    ]


def test_the_words_of_a_turn_are_direct_speech():
    assert {each.speech for each in attributions(Article.from_text("\n\n".join(BRIDGE)))} == {"direct"}


def test_a_paragraph_without_a_label_goes_on_with_the_speaker():
    text = "\n\n".join([*BRIDGE[:2], "We have waited for too long.", *BRIDGE[2:]])
    assert ("We have waited for too long", ["Berg"]) in turns(text)


def test_a_remark_in_brackets_is_nobodys():
    text = "\n\n".join([*BRIDGE[:2], "[Laughter]", *BRIDGE[2:]])
    assert len(turns(text)) == len(BRIDGE)


def test_a_label_finds_the_full_name_in_the_cast():
    text = "\n\n".join(["Anna Berg and Tom Lind met on Friday.", *BRIDGE])
    assert [holders for _, holders in turns(text)] == [["Host"], ["Anna Berg"], ["Tom Lind"]]


def test_a_label_can_be_a_full_name():
    text = "ANNA BERG: It must go.\nTOM LIND: It must stay.\nANNA BERG: Never."
    assert [holders for _, holders in turns(text)] == [["Anna Berg"], ["Tom Lind"], ["Anna Berg"]]


def test_labels_in_small_letters_count_once_they_come_again():
    text = "Host: Welcome.\n\nBerg: It must go.\n\nHost: Why?\n\nBerg: It is old.\n\nLind: It is not."
    assert [holders for _, holders in turns(text)] == [["Host"], ["Berg"], ["Host"], ["Berg"], ["Lind"]]


def test_a_speaker_can_report_somebody_else():
    text = "\n\n".join([*BRIDGE[:2], "LIND: Maria Holt told me that it was safe."])
    found = attributions(Article.from_text(text))
    assert ["Maria Holt"] in [[entity.name for entity in each.holders] for each in found]


def test_headings_with_a_colon_make_no_transcript():
    text = "The bridge in figures.\n\nCost: 5 million crowns.\n\nLength: 620 metres.\n\nThe vote is on Friday."
    assert turns(text) == []


INTERVIEW = """The engineer Maria Holt has built nine bridges. Ms Holt spoke to Tom Lind in March.

Q: Is it safe? Mr Lind says that it is not.

A: It is. It always was.

The piers were cracked in May.

Q: And now?

A: Now they are sound, I think."""


def test_the_answers_are_those_of_the_person_most_named_before_the_first_question():
    assert turns(INTERVIEW) == [
        ("It is. It always was", ["Maria Holt"]),
        ("The piers were cracked in May", ["Maria Holt"]),
        ("Now they are sound, I think", ["Maria Holt"]),
    ]


def test_questions_and_answers_can_be_written_out():
    text = INTERVIEW.replace("Q:", "Question:").replace("A:", "Answer:")
    assert [holders for _, holders in turns(text)] == [["Maria Holt"]] * 3


def test_what_a_question_reports_is_found():
    found = attributions(Article.from_text(INTERVIEW))
    assert ["Tom Lind"] in [[entity.name for entity in each.holders] for each in found]


def test_no_answer_is_given_to_one_of_two_named_as_often():
    text = INTERVIEW.replace("Ms Holt spoke to Tom Lind", "She spoke to Tom Lind")
    assert [holders for _, holders in turns(text)] == [[], [], []]


def test_the_headers_of_an_email_name_no_holder():
    text = (
        "From: Anna Berg <anna@example.org>\nSent: Monday\nTo: Tom Lind\nCc: Maria Holt\nSubject: The bridge\n"
        "Date: 3 March\n\nDear Tom, the bridge is unsafe and should be closed."
    )
    assert attributions(Article.from_text(text)) == []


def test_a_source_is_a_noun_phrase():
    text = "From the roof Maria Holt can see almost everything people here are arguing about."
    names = [entity.name for each in attributions(Article.from_text(text)) for entity in each.holders]
    assert not any(name.startswith("see") for name in names)


def test_a_list_after_a_stranded_preposition_is_no_statement():
    text = "Maria Holt can see everything people here are arguing about: the channel, the old wall and the boats."
    assert attributions(Article.from_text(text)) == []


def test_heard_it_said_is_nobodys_statement():
    text = "The fund met on Friday. I have heard it said that the bridge is unsafe."
    assert all(not each.holders for each in attributions(Article.from_text(text)))
