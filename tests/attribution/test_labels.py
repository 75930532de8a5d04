"""Labels, transcripts, interviews and e-mail headers."""

import pytest

from summarizer.article import Article
from summarizer.attribution import attributions

BRIDGE = [
    "HOST: Welcome. Should the bridge go?",
    "BERG: It must. The piers are cracked.",
    "LIND: I disagree. They are sound.",
]


def turns(text):
    """Return content and holders of the turns."""
    return [
        (
            " ".join(text[start:end] for start, end in attribution.content),
            [entity.name for entity in attribution.holders],
        )
        for attribution in attributions(Article.from_text(text))
        if attribution.rule.is_turn
    ]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_labelled_line_belongs_to_its_speaker(between):
    assert turns(between.join(BRIDGE)) == [
        ("Welcome. Should the bridge go", ["Host"]),
        ("It must. The piers are cracked", ["Berg"]),
        ("I disagree. They are sound", ["Lind"]),
    ]


def test_turn_is_direct_speech():
    assert {attribution.speech for attribution in attributions(Article.from_text("\n\n".join(BRIDGE)))} == {"direct"}


def test_paragraph_without_label_continues_turn():
    text = "\n\n".join([*BRIDGE[:2], "We have waited for too long.", *BRIDGE[2:]])
    assert ("We have waited for too long", ["Berg"]) in turns(text)


def test_remark_in_brackets_has_no_holder():
    text = "\n\n".join([*BRIDGE[:2], "[Laughter]", *BRIDGE[2:]])
    assert len(turns(text)) == len(BRIDGE)


def test_label_resolves_to_full_name():
    text = "\n\n".join(["Anna Berg and Tom Lind met on Friday.", *BRIDGE])
    assert [holders for _, holders in turns(text)] == [["Host"], ["Anna Berg"], ["Tom Lind"]]


def test_label_can_be_full_name():
    text = "ANNA BERG: It must go.\nTOM LIND: It must stay.\nANNA BERG: Never."
    assert [holders for _, holders in turns(text)] == [["Anna Berg"], ["Tom Lind"], ["Anna Berg"]]


def test_lower_case_labels_count_if_repeated():
    text = "Host: Welcome.\n\nBerg: It must go.\n\nHost: Why?\n\nBerg: It is old.\n\nLind: It is not."
    assert [holders for _, holders in turns(text)] == [["Host"], ["Berg"], ["Host"], ["Berg"], ["Lind"]]


def test_speaker_can_report_another_speaker():
    text = "\n\n".join([*BRIDGE[:2], "LIND: Maria Holt told me that it was safe."])
    found = attributions(Article.from_text(text))
    assert ["Maria Holt"] in [[entity.name for entity in attribution.holders] for attribution in found]


def test_headings_with_colon_make_no_transcript():
    text = "The bridge in figures.\n\nCost: 5 million crowns.\n\nLength: 620 metres.\n\nThe vote is on Friday."
    assert turns(text) == []


INTERVIEW = """The engineer Maria Holt has built nine bridges. Ms Holt spoke to Tom Lind in March.

Q: Is it safe? Mr Lind says that it is not.

A: It is. It always was.

The piers were cracked in May.

Q: And now?

A: Now they are sound, I think."""


def test_answers_belong_to_person_named_most_in_introduction():
    assert turns(INTERVIEW) == [
        ("It is. It always was", ["Maria Holt"]),
        ("The piers were cracked in May", ["Maria Holt"]),
        ("Now they are sound, I think", ["Maria Holt"]),
    ]


def test_question_and_answer_labels_can_be_words():
    text = INTERVIEW.replace("Q:", "Question:").replace("A:", "Answer:")
    assert [holders for _, holders in turns(text)] == [["Maria Holt"]] * 3


def test_attributions_in_questions_are_found():
    found = attributions(Article.from_text(INTERVIEW))
    assert ["Tom Lind"] in [[entity.name for entity in attribution.holders] for attribution in found]


def test_answers_have_no_holder_if_two_people_are_named_equally():
    text = INTERVIEW.replace("Ms Holt spoke to Tom Lind", "She spoke to Tom Lind")
    assert [holders for _, holders in turns(text)] == [[], [], []]


def test_email_headers_name_no_holder():
    text = (
        "From: Anna Berg <anna@example.org>\nSent: Monday\nTo: Tom Lind\nCc: Maria Holt\nSubject: The bridge\n"
        "Date: 3 March\n\nDear Tom, the bridge is unsafe and should be closed."
    )
    assert attributions(Article.from_text(text)) == []


def test_source_is_noun_phrase():
    text = "From the roof Maria Holt can see almost everything people here are arguing about."
    names = [entity.name for attribution in attributions(Article.from_text(text)) for entity in attribution.holders]
    assert not any(name.startswith("see") for name in names)


def test_list_after_stranded_preposition_is_no_content():
    text = "Maria Holt can see everything people here are arguing about: the channel, the old wall and the boats."
    assert attributions(Article.from_text(text)) == []


def test_heard_it_said_has_no_attribution():
    text = "The fund met on Friday. I have heard it said that the bridge is unsafe."
    assert all(not attribution.holders for attribution in attributions(Article.from_text(text)))


DEBATE = [
    ("ANNA BERG, HOST: {}", "SEN. TOM LIND (D-MA): {}"),
    ("**Anna Berg:** {}", "**Tom Lind:** {}"),
    ("**Anna Berg**: {}", "**Tom Lind**: {}"),
    ("- Anna Berg: {}", "- Tom Lind: {}"),
    ("[00:12] Anna Berg: {}", "[00:40] Tom Lind: {}"),
    ("00:12 Anna Berg: {}", "00:40 Tom Lind: {}"),
    ("Anna Berg (00:12): {}", "Tom Lind (00:40): {}"),
    ("Anna Berg (Labour): {}", "Tom Lind (Green): {}"),
    ("Anna Berg, mayor: {}", "Tom Lind, chief engineer of the port: {}"),
    ("Anna Berg： {}", "Tom Lind： {}"),
    ("Anna Berg — {}", "Tom Lind — {}"),
    ("ANNA BERG. {}", "TOM LIND. {}"),
    ("ANNA BERG\n{}", "TOM LIND\n{}"),
    ("Anna Berg (Leeds North) (Lab)\n\n{}", "Tom Lind (York) (Con)\n\n{}"),
    ("The Minister for Roads (Anna Berg): {}", "Mr. Tom Lind (York): {}"),
    ("**Anna Berg**\n\n{}", "**Tom Lind**\n\n{}"),
]


@pytest.mark.parametrize(("one", "other"), DEBATE)
def test_every_layout_of_labels_names_the_speakers(one, other):
    words = ["The piers are cracked.", "They are sound.", "You have never looked.", "I looked in May."]
    lines = [label.format(said) for label, said in zip([one, other] * 2, words, strict=True)]
    found = turns("\n\n".join(["Debate about the bridge", *lines]))
    names = ["Anna Berg", "Tom Lind"] * 2
    assert found == [(said[:-1], [name]) for said, name in zip(words, names, strict=True)]


def test_press_briefing_needs_one_named_speaker():
    text = (
        "Press briefing by Dana Marsh\n\nMS. MARSH: Good afternoon. The bill is signed.\n\nQ: Will it last?\n\n"
        "MS. MARSH: It will.\n\nQ    And the senator?\n\nMS. MARSH: I have nothing on that."
    )
    assert [holders for _, holders in turns(text)] == [["Dana Marsh"]] * 3


@pytest.mark.parametrize(
    "line",
    [
        "FACTBOX: Some 9,000 cars cross it.",
        "KEY FACTS: It is 90 years old.",
        "LONDON: A bridge was closed on Monday.",
        "FILE PHOTO: The bridge in the rain.",
        "NOTE: We have changed the date.",
        "UPDATE: The bridge is open again.",
        "COST: It is five million crowns.",
        "BOTTOM LINE: It has to be paid for.",
    ],
)
def test_lone_label_without_a_speaker_names_nobody(line):
    assert turns(f"The bridge in London is old. It was built in 1933.\n\n{line}\n\nIt rained.") == []


def test_table_with_recurrent_labels_is_no_transcript():
    rows = "Location: Leeds\n\nLength: 620 metres\n\n" * 4
    assert turns(f"Bridges of the north\n\n{rows}") == []


def test_initials_are_the_speakers_of_the_labels_before():
    text = "Daniel Frost: You planned this?\n\nMira Kapoor: No. I hoped.\n\nDF: And now?\n\nMK: Nobody can say."
    speakers = ["Daniel Frost", "Mira Kapoor"]
    assert [holders for _, holders in turns(text)] == [[name] for name in speakers * 2]


def test_kind_of_article_before_a_headline_is_no_label():
    text = f"Q&A: The woman who mends the bridge\n\nBy Ned Ames\n\n{INTERVIEW}"
    assert [holders for _, holders in turns(text)] == [["Maria Holt"]] * 3


def test_label_of_a_question_is_no_part_of_a_source_in_it():
    text = (
        "Daily press briefing\n\nMS. LYNN: The bill is signed.\n\nQ    And the governors say they were not asked. True?"
        "\n\nMS. LYNN: No.\n\nQ    Will there be a veto?\n\nMS. LYNN: I will not say.\n\nEND 1:40 P.M. EST"
    )
    found = [(found.holders[0].name, len(found.sentences)) for found in attributions(Article.from_text(text))]
    assert ("the governors", 1) in found
    assert {name for name, _ in found} == {"Lynn", "the governors"}


def test_letter_to_the_editor_belongs_to_its_signer():
    text = (
        "Letters to the Editor\n\nSir, Your report was wrong. The rails must stay.\n\nDr Helen Marsh\nStourton\n\n"
        "SIR – I cycle there every day.\n\nThe rails must go.\n\nJoe Tarrant\nStourton"
    )
    found = [(found.holders[0].name, found.sentences) for found in attributions(Article.from_text(text))]
    assert [name for name, _ in found] == ["Helen Marsh", "Joe Tarrant", "Joe Tarrant"]


def test_letter_without_a_signature_has_no_speaker():
    assert attributions(Article.from_text("Letters\n\nSir, The rails must stay in the street.")) == []


def test_article_that_goes_on_after_a_transcript_is_not_the_last_speaker_s() -> None:
    labelled = [
        f"{name}: The lock is {state}." for state in ("old", "late", "dear") for name in ("Tom Reed", "Eva Lund")
    ]
    prose = [f"The town paid {number} crowns for the lock last year." for number in range(20, 26)]
    text = "\n\n".join(["The council met on Monday.", *labelled, *prose])
    found = attributions(Article.from_text(text))
    assert not any("crowns" in text[span.start : span.end] for each in found for span in each.content)
    assert len(found) == len(labelled)
