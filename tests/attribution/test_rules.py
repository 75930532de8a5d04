"""The rules find source, cue and content of direct, indirect and mixed speech."""

import re
from pathlib import Path

import pytest

from summarizer.article import Article, read
from summarizer.attribution import RULES, Attribution, Rule, analyse, lexicon, tokens
from summarizer.spans import quote


def attributed_words(text: str) -> list[tuple[str, str, str]]:
    """Return the words of source, cue and content."""
    return [tuple(words(text, spans) for spans in (one.source, one.cue, one.content)) for one in find(text)]


def find(text: str) -> tuple[Attribution, ...]:
    return analyse(read(Article.from_text(text))).attributions


def words(text, spans):
    return quote(text, spans) if len(spans) < 2 else " … ".join(text[start:end] for start, end in spans)


@pytest.mark.parametrize(("opening", "closing"), ["“”", '""', ("''", "''"), "‘’", "«»"])
def test_every_kind_of_quotation_mark(opening, closing):
    text = f"{opening}The bridge will never be built here,{closing} said Ann Hill on Monday."
    assert attributed_words(text) == [("Ann Hill", "said", f"{opening}The bridge will never be built here,{closing}")]


def test_speaker_before_quotation():
    text = "Ann Hill said: “The bridge is a folly.”"
    assert attributed_words(text) == [("Ann Hill", "said", "“The bridge is a folly.”")]


def test_quotation_continues_after_tag():
    text = "“The bridge is a folly,” Ann Hill said. “It will never be built.”"
    assert attributed_words(text) == [("Ann Hill", "said", "“The bridge is a folly,” … “It will never be built.”")]


def test_tag_within_sentence():
    text = "“The bridge,” said Ann Hill, “will never be built.”"
    assert attributed_words(text) == [("Ann Hill", "said", "“The bridge,” … “will never be built.”")]


def test_second_quotation_belongs_to_second_speaker():
    text = "“The bridge is a folly,” said Ann Hill. “We need the bridge,” said Tom Day."
    assert [(source, content) for source, _, content in attributed_words(text)] == [
        ("Ann Hill", "“The bridge is a folly,”"),
        ("Tom Day", "“We need the bridge,”"),
    ]


def test_quotation_over_paragraphs():
    text = "“We have waited for years,” said Ann Hill. “Nobody came.\n\n“Nobody will come.”"
    (only,) = find(text)
    assert [text[start:end] for start, end in only.content] == [
        "“We have waited for years,”",
        "“Nobody came.",
        "“Nobody will come.”",
    ]


def test_open_quotation_ends_with_its_paragraph():
    text = "Ann Hill said: “The bridge is a folly.\n\nThe vote is on Monday."
    assert attributed_words(text) == [("Ann Hill", "said", "“The bridge is a folly")] or attributed_words(text) == [
        ("Ann Hill", "said", "“The bridge is a folly.")
    ]


def test_scare_quotes_are_no_speech():
    assert attributed_words("The “bridge” was a plank over a ditch, and nobody used it.") == []


def test_apostrophe_opens_no_quotation():
    assert attributed_words("The farmers' fields lay under water for the '90s and long after.") == []


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("Ann Hill said that the bridge was a folly.", "Ann Hill", "said", "that the bridge was a folly"),
        ("Ann Hill said the bridge was a folly.", "Ann Hill", "said", "the bridge was a folly"),
        ("The bridge has been a folly, Ann Hill said.", "Ann Hill", "said", "The bridge has been a folly"),
        ("The bridge has been a folly, said Ann Hill.", "Ann Hill", "said", "The bridge has been a folly"),
        ("The mayor vowed to build the bridge.", "The mayor", "vowed", "to build the bridge"),
        ("The mayor refused to build the bridge.", "The mayor", "refused", "to build the bridge"),
        ("Ann Hill accused the mayor of lying.", "Ann Hill", "accused", "the mayor of lying"),
        ("Ann Hill praised the plan as a triumph.", "Ann Hill", "praised", "the plan as a triumph"),
        ("Ann Hill warned against building it.", "Ann Hill", "warned against", "building it"),
        ("According to the report, the bridge is unsafe.", "the report", "According to", "the bridge is unsafe"),
        ("The bridge is unsafe, according to the report.", "the report", "according to", "The bridge is unsafe"),
        ("Ann Hill told reporters that she would sue.", "Ann Hill", "told", "that she would sue"),
        ("Ann Hill's claim that the bridge is unsafe", "Ann Hill's", "claim", "that the bridge is unsafe"),
        ("In a statement, Ann Hill said the bridge was unsafe.", "Ann Hill", "said", "the bridge was unsafe"),
        ("Many voters believe that the bridge is unsafe.", "Many voters", "believe", "that the bridge is unsafe"),
    ],
)  # fmt: skip
def test_frames_of_indirect_speech(text, source, cue, content):
    assert (source, cue, content) in attributed_words("The council met on Friday.\n\n" + text)


def test_second_verb_has_same_source():
    text = "Ann Hill said the bridge was unsafe and warned that people would die."
    assert attributed_words(text) == [
        ("Ann Hill", "said", "the bridge was unsafe"),
        ("Ann Hill", "warned", "that people would die"),
    ]


def test_participle_takes_speaker_before_it():
    text = "Ann Hill said the bridge was unsafe, adding that people would die."
    assert attributed_words(text)[1] == ("Ann Hill", "adding", "that people would die")


def test_impersonal_cue_has_no_source():
    (only,) = find("The council is expected to vote on the bridge.")
    assert (only.source, only.holders) == ((), ())


def test_agent_after_by_is_source():
    text = "Asked by a reporter about the bridge, the mayor left."
    assert ("a reporter", "Asked", "about the bridge") in attributed_words(text)


def test_colon_of_label_is_cue():
    text = "Hill talks.\n\nHILL: The bridge is unsafe and should never have been built."
    assert attributed_words(text)[-1] == ("HILL", ":", "The bridge is unsafe and should never have been built")


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("“The bridge is a folly,” said Ann Hill.", "direct"),
        ("Ann Hill said the bridge was a folly.", "indirect"),
        ("Ann Hill said the bridge was “an utter folly”.", "mixed"),
        ("Ann Hill called the bridge “a folly”.", "mixed"),
    ],
)
def test_quotation_marks_decide_speech(text, speech):
    assert [attribution.speech for attribution in find(text)] == [speech]


@pytest.mark.parametrize(
    ("verb", "act", "certainty", "polarity"),
    [
        ("said", "said", "asserted", None),
        ("speculated", "speculated", "speculated", None),
        ("suggested", "suggested", "hedged", None),
        ("denied", "denied", "asserted", "against"),
        ("believed", "believed", "hedged", None),
    ],
)
def test_cue_gives_act_certainty_and_polarity(verb, act, certainty, polarity):
    (only,) = find(f"Ann Hill {verb} that the bridge was safe.")
    assert (only.act, only.certainty, only.polarity) == (act, certainty, polarity)


def test_sentences_of_content_are_numbered():
    (only,) = find("It rained.\n\n“The bridge is a folly,” said Ann Hill. “It will never be built.”")
    assert only.sentences == (2, 3)


def test_spans_of_broken_sentence_exclude_white_space():
    text = "Ann Hill on Monday\n\nsaid the bridge\n\n. She also said that it was a folly."
    assert all(text[start:end].strip() for attribution in find(text) for start, end in attribution.content)


@pytest.mark.parametrize(
    "text",
    [
        "“Is the bridge safe? Would you cross it?” Ann Hill asked.",
        "“Nobody will cross that bridge!” Ann Hill said.",
        '"Nobody will cross that bridge," Ann Hill told reporters on Monday.',
        "Nobody will cross that bridge, Ann Hill told the council.",
        "Nobody will cross that bridge, Ann Hill reported.",
    ],
)
def test_tag_after_every_kind_of_content(text):
    (only,) = find(text)
    assert "before tag" in only.rule.name
    assert words(text, only.source) == "Ann Hill"


def test_object_of_told_is_no_tag():
    text = "After a long day in Leeds, Ann Hill told the council that the bridge was unsafe."
    assert ("Ann Hill", "told", "that the bridge was unsafe") in attributed_words(text)


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("Mr Hill, who said the bridge was unsafe, left the town in May.", "who", "said", "the bridge was unsafe"),
        ("The plan, which Mr Hill called “a farce”, was dropped in May.", "Mr Hill", "called", "“a farce”"),
        ("Those who love the bridge have long been silent.", "who", "love", "the bridge"),
        ("While Mr Hill says the bridge is safe, nobody uses it.", "Mr Hill", "says", "the bridge is safe"),
        ("So when Mr Hill announced that it was safe, nobody came.", "Mr Hill", "announced", "that it was safe"),
        ("Mr Hill said the talk was late and went home to his wife.", "Mr Hill", "said", "the talk was late"),
        ("Mr Hill said that the goal was offside and walked off.", "Mr Hill", "said", "that the goal was offside"),
        ("Mr Hill said the team was tired and went home.", "Mr Hill", "said", "the team was tired and went home"),
        ("Mr Hill said the toll was low and went up.", "Mr Hill", "said", "the toll was low and went up"),
        (
            "Mr Hill said it was safe, but the health secretary, Di Rudd, has rejected it.",
            "Mr Hill",
            "said",
            "it was safe",
        ),
        ("Mr Hill said he had time, and the club, Vale Rovers, has denied it.", "Mr Hill", "said", "he had time"),
    ],
)
def test_content_ends_with_clause_of_its_cue(text, source, cue, content):
    assert (source, cue, content) in attributed_words("The council met on Friday.\n\n" + text)


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        ("In Ms Hill’s view, the bridge is unsafe.", "Ms Hill’s", "the bridge is unsafe"),
        ("The bridge is, in the words of Ms Hill, “a sieve”.", "Ms Hill", "The bridge is … “a sieve”"),
        (
            "According to Ms Hill, a judge, and two others, the bridge is unsafe.",
            "Ms Hill, a judge",
            "the bridge is unsafe",
        ),
    ],
)
def test_owner_of_view_is_source(text, source, content):
    assert [(who, what) for who, _, what in attributed_words(text)] == [(source, content)]


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        ("Residents were told that the water was safe.", "", "that the water was safe"),
        ("Residents were told by the mayor that the water was safe.", "the mayor", "that the water was safe"),
        ("Residents have been warned not to drink the water.", "", "not to drink the water"),
        ("It is feared that the water is unsafe.", "", "that the water is unsafe"),
        ("The plan was described as reckless by the mayor.", "the mayor", "The plan … as reckless"),
        ("The mayor was accused of lying by the union.", "the union", "The mayor … of lying"),
    ],
)
def test_passive_gives_content_and_agent(text, source, content):
    assert [(who, what) for who, _, what in attributed_words(text)] == [(source, content)]


@pytest.mark.parametrize(
    "text",
    [
        "The opposition wants the minister to resign.",
        "Ada Finch, whose sons are at the school, calls the figures nonsense.",
        "The union remains convinced that the bridge is unsafe.",
        "The union has long argued for a second bridge.",
        "The Miners’ Federation, which speaks for 4,200 workers, called the bridge a sieve.",
    ],
)
def test_present_adjective_and_apposition_keep_subject(text):
    (only,) = find(text)
    assert text.startswith(words(text, only.source))


def test_quoted_paragraph_belongs_to_the_tag_after_it():
    text = (
        "“We waited,” said Marta Quill.\n\n“Then we went home. Nobody came.\n\n"
        "“I have worked here for years,” she went on, “and I never saw it,” she said."
    )
    contents = [span for attribution in find(text) for span in attribution.content]
    assert len(contents) == len(set(contents))


def test_dateline_is_no_content():
    text = "EASTGATE, 3 May (Wire) - Norland will open the strait on Monday, its navy said."
    assert attributed_words(text) == [("its navy", "said", "Norland will open the strait on Monday")]


def test_capitals_of_headline_hide_no_cue():
    text = "Mayor Says Bridge Will Stay Closed\n\nIt rained on Friday, and nobody was on the bridge."
    assert [attribution.act for attribution in find(text)] == ["said"]


@pytest.mark.parametrize("saying", ["adding", "quipping", "who added"])
def test_first_paragraph_with_a_cue_before_its_colon_is_no_headline(saying):
    (only,) = find(f"Ann Hill, {saying}: “The bridge is a folly.”")
    assert only.rule.name == "quotation after cue"


def test_laughing_does_not_attribute_a_statement():
    assert attributed_words("The council met on Friday. The doctor laughed when he was shown the passage.") == []


def test_short_paragraphs_of_quotation_are_found():
    text = (
        "Ann Hill said: “The bridge is old and it is not safe for lorries.\n\n“No way.\n\n“It was closed twice.\n\n"
        "“We will take it down.”\n\nHe left."
    )
    (only,) = attributed_words(text)
    assert only[2].split(" … ")[1:] == ["“No way.", "“It was closed twice.", "“We will take it down.”"]


@pytest.mark.parametrize(
    ("text", "cue", "content"),
    [
        ("Residents were told the road would close.", "told", "the road would close"),
        ("It is believed the mayor knew.", "believed", "the mayor knew"),
        ("It was feared the bridge would fall.", "feared", "the bridge would fall"),
    ],
)
def test_passive_needs_no_that(text, cue, content):
    assert attributed_words(text) == [("", cue, content)]


def test_told_story_is_no_clause():
    assert attributed_words("She was told the story of the bridge.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann Hill's claim that it is safe was wrong.", [("Ann Hill's", "claim", "that it is safe")]),
        ("The claim by Ann Hill that it is safe was wrong.", [("Ann Hill", "claim", "that it is safe")]),
        ("The view of Ann Hill is that it is safe.", [("Ann Hill", "view", "that it is safe")]),
        ("Ann Hill's view is that it is safe.", [("Ann Hill's", "view", "that it is safe")]),
        (
            "Ann Hill's claim that the bridge is safe was rejected by experts.",
            [
                ("experts", "rejected", "Ann Hill's claim that the bridge is safe"),
                ("Ann Hill's", "claim", "that the bridge is safe"),
            ],
        ),
    ],
)
def test_clause_of_noun_ends_before_verb_of_noun(text, expected):
    assert attributed_words(text) == expected


@pytest.mark.parametrize(
    ("text", "act", "certainty", "polarity"),
    [
        ("Ann Hill is opposed to the plan.", "opposed", "asserted", "against"),
        ("Ann Hill opposed the plan.", "opposed", "asserted", "against"),
        ("Ann Hill objected to the plan.", "opposed", "asserted", "against"),
        ("Ann Hill doubts that it works.", "doubted", "hedged", "against"),
        ("Ann Hill regretted that the bridge had closed.", "criticised", "asserted", "against"),
        ("Ann Hill pledged £5m for the bridge.", "promised", "asserted", None),
    ],
)
def test_attitude_has_act_and_polarity(text, act, certainty, polarity):
    (only,) = find(text)
    assert (only.act, only.certainty, only.polarity) == (act, certainty, polarity)


def test_adjective_opposed_within_source_is_no_cue():
    assert attributed_words("Those opposed to the plan said it was late.") == [
        ("Those opposed to the plan", "said", "it was late")
    ]


def test_plural_possessive_ends_no_quotation():
    text = "‘The drivers’ union is wrong about the bridge,’ said Ann Hill."
    assert attributed_words(text) == [("Ann Hill", "said", "‘The drivers’ union is wrong about the bridge,’")]


def test_says_before_label_is_cue():
    assert attributed_words('It rained.\n\nSays Ann Hill: "Never again."')[0][:2] == ("Ann Hill", "Says")


def test_documented_rules_are_the_table_in_order():
    document = (Path(__file__).parents[2] / "docs" / "attribution-rules.md").read_text(encoding="utf-8")
    section = document.partition("## Rules\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \|[^|]*\| (\w+) \|$", section, re.MULTILINE)
    assert rows == [(rule.name, rule.place) for rule in RULES]


def test_earlier_rule_takes_precedence():
    text = "Ann Hill said that the bridge was a folly."
    reading = read(Article.from_text(text))

    def first(context):
        start, stop = context.sentence
        return context.match(None, [(start, stop - 1)], context.cue.sense())

    rule = Rule("first", first)
    assert [each.rule.name for each in analyse(reading, rules=(rule, *RULES)).attributions] == ["first"]
    assert [each.rule.name for each in analyse(reading, rules=(*RULES, rule)).attributions] == ["clause after cue"]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Ann Hill took issue with the plan.", ("Ann Hill", "took issue with", "the plan")),
        ("The mayor made it clear that it would close.", ("The mayor", "made it clear", "that it would close")),
        ("The club has thrown its weight behind the tram.", ("The club", "thrown its weight behind", "the tram")),
        ("Residents are up in arms about the mast.", ("Residents", "up in arms about", "the mast")),
        ("The union came out against the merger.", ("The union", "came out against", "the merger")),
        ("Growers lined up behind the new levy.", ("Growers", "lined up behind", "the new levy")),
        ("Fans swear by the old stadium.", ("Fans", "swear by", "the old stadium")),
        ("The coach is delighted that the pitch is dry.", ("The coach", "delighted", "that the pitch is dry")),
        ("The judge was unmoved by the plea.", ("The judge", "unmoved by", "the plea")),
    ],
)
def test_idioms_and_adjectives_of_attitude_attribute(text, row):
    assert row in attributed_words(text)


@pytest.mark.parametrize(
    "text", ["Ann Hill took the bus.", "The club made a cake.", "Ann Hill came out at noon.", "He had none."]
)
def test_verb_of_an_idiom_alone_does_not_attribute(text):
    assert attributed_words(text) == []


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("A group backing the bridge has met.", ("A group", "backing", "the bridge")),
        ("Residents opposing the mast were pleased.", ("Residents", "opposing", "the mast")),
        ("The minister wants to announce a new tram line.", ("The minister", "announce", "a new tram line")),
        (
            "Ann Hill said she plans to rebuild the pier, insisting that it is safe.",
            ("Ann Hill", "insisting", "that it is safe"),
        ),
        (
            "Ann Hill said the bank hopes to sell the pier, and warned that it would fall.",
            ("Ann Hill", "warned", "that it would fall"),
        ),
        ("What Ann Hill calls “a knife in the back” is law now.", ("Ann Hill", "calls", "“a knife in the back”")),
    ],
)
def test_source_is_the_nearest_subject_outside_an_ended_content(text, row):
    assert row in attributed_words(text)


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("Ann Hill said that the bridge was safe.", "that the bridge was safe"),
        ("Ann Hill opposed the plan.", "opposed the plan"),
        ("Ann Hill did not think that it was safe.", "did not think that it was safe"),
    ],
)
def test_statement_includes_a_cue_that_carries_half_of_it(text, statement):
    (only,) = find(text)
    spans = only.statement_spans
    assert text[spans[0].start : spans[-1].end].strip() == statement


def test_new_cue_verb_attributes_in_every_form(monkeypatch):
    data = lexicon.read_toml(lexicon.__file__, "languages/en/cues.toml")
    row = next(row for row in data["verbs"] if "exclaim" in row["words"])
    row["words"] += " harrumph"
    monkeypatch.setattr(lexicon, "CUES", lexicon.read_cues(data))
    monkeypatch.setattr(tokens, "_get_token", tokens.Token)
    for sentence in ("The bridge is old, harrumphs Ann Hill.", "Ann Hill harrumphed that the bridge was old."):
        (only,) = find(sentence)
        assert (only.act, [holder.name for holder in only.holders]) == ("said", ["Ann Hill"])
