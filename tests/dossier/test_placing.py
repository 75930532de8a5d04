"""Positions without an issue are placed under issues of the dossier by their words, and questions find answers."""

import re
from collections import Counter
from pathlib import Path

import pytest

from summarizer import Article, Codebook, Dossier, Store, summarize
from summarizer.codebook import CodebookIssue
from summarizer.dossier import placing, statements
from summarizer.dossier.answers import Candidate, OpenQuestion, find_answers
from summarizer.dossier.propositions import is_neutral
from summarizer.dossier.wording import names_another, read_content
from tests.dossier.briefs import Held, make_brief

# One dispute in ten articles: the tram (main), a garage, the money.
SAID = [
    [
        ("Vera Lind", "The Marlow tram should be extended to the hospital."),
        ("Owen Tarr", "The tram must not be extended."),
    ],
    [("Vera Lind", "I want the tram extended by 2028."), ("Kaspar Holt", "Extending the tram would be a mistake.")],
    [("Ruth Amsel", "The tram line should be extended."), ("Owen Tarr", "A garage should be built in Marlow first.")],
    [("Kaspar Holt", "The garage must not be built."), ("Ruth Amsel", "The garage should never be built.")],
    [("Owen Tarr", "The garage must be built."), ("Vera Lind", "Taxpayers should not pay for a garage.")],
    [("Kaspar Holt", "The tram would be a folly."), ("Ann Reed", "The garage has to be built in Marlow.")],
    [("Ann Reed", "The tram should be extended."), ("Owen Tarr", "He opposes the tram.")],
    [("Ann Reed", "The weather in Marlow was fine."), ("Vera Lind", "The tram must come to Marlow.")],
]


def fill(store: Store, month: str = "2026-02", **renamed: str) -> None:
    def rename(text: str) -> str:
        return re.sub("|".join(renamed) or "(?!)", lambda match: renamed[match[0]], text)

    for day, said in enumerate(SAID, 1):
        held: list[Held] = [(rename(name), "", "unclear", rename(words)) for name, words in said]
        title = rename("Marlow argues: Lind, Tarr, Holt, Amsel, Reed")
        store.add(make_brief(f"{month}-{day:02}", held, title=title))


@pytest.fixture(scope="module")
def dossier(tmp_path_factory) -> Dossier:
    store = Store(tmp_path_factory.mktemp("placing") / "briefs.db")
    fill(store)
    return Dossier.from_store(store)


def placed(dossier: Dossier) -> dict[str, tuple[str | None, str]]:
    details = dossier.details([each.position for each in dossier.statements])
    return {details[each.position].statement: (each.issue, each.stance) for each in dossier.statements}


def test_what_many_articles_argue_about_becomes_an_issue(dossier: Dossier) -> None:
    found = placed(dossier)
    tram = found["The tram line should be extended."][0]
    garage = found["The garage must be built."][0]
    assert tram is not None
    assert garage is not None
    assert tram != garage
    assert all(dossier.issues[issue].found for issue in (tram, garage))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The tram line should be extended.", "The tram must not be extended."),
        ("I want the tram extended by 2028.", "Extending the tram would be a mistake."),
        ("The tram should be extended.", "He opposes the tram."),
        ("The garage must be built.", "The garage must not be built."),
    ],
)
def test_opposite_wordings_have_opposite_stances(dossier: Dossier, one: str, other: str) -> None:
    found = placed(dossier)
    assert found[one][0] == found[other][0]
    assert {found[one][1], found[other][1]} == {"agrees", "disagrees"}


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("The tram should be built.", 1),
        ("The tram must not be built.", -1),
        ("She wants the tram scrapped.", -1),
        ("He called the tram a folly.", -1),
        ("The ban on the tram is a mistake.", 1),
        ("Closing the tram would cost lives.", 1),
        ("She has always been for the tram.", 1),
        ("Taking the tram away would be a step backward.", 1),
        ("I said that the tram should be kept. It can't.", -1),
        ("She would oppose a tram that made no stop there.", 0),
        ("The tram is red.", 0),
        ("The tram must come soon.", 1),
        ("I do not think that the tram is the right way.", -1),
        ("I don't think that the tram is wrong.", 0),
        ("It would be wrong to build the tram.", -1),
        ("It would be wrong not to build the tram.", 1),
        ("She does not oppose the tram.", 0),
        ("She would not vote against the tram.", 0),
        ("She no longer opposes the tram.", 1),
        ("I never said that I support the tram.", 0),
        ("She opposes the tram, and has never said otherwise.", -1),
        ("I support the tram. I have never said anything else.", 1),
        ("It is not true that we oppose the tram.", 0),
        ("Nobody but the mayor opposes the tram.", 0),
        ("Those who say “the tram is right” have not read the plan.", 0),
        ("‘The tram is right,’ the minister told me, and I laughed.", 0),
        ("Sure, the tram is right. And pigs fly.", 0),
        ("They are expected to drop their support for the tram.", 0),
    ],
)
def test_rules_read_the_side_of_a_statement(text: str, sign: int) -> None:
    found = read_content(text).signs.get("@transit", 0)
    assert (found > 0) - (found < 0) == sign


@pytest.mark.parametrize(
    ("sentence", "is_fit"),
    [
        ("The tram should be extended.", True),
        ("The tram would cost too much.", True),
        ("Vera Lind should extend the tram.", False),
        ("The mayor defended the tram as a bargain.", False),
        ("Two guilds have come out against the tram.", False),
        ("The tram is dear and the garage should be built.", False),
        ("Leave the old tram alone.", False),
        ("It should be extended to the hospital.", False),
        ("Should the tram be extended?", False),
    ],
)
def test_a_proposition_is_neutral_and_whole(sentence: str, is_fit: bool) -> None:
    assert is_neutral(sentence, ["Vera Lind", "Lind"]) is is_fit


@pytest.mark.parametrize(
    ("text", "holders", "is_another"),
    [
        ("Ida Falk opposes the tram.", "Her office", True),
        ("Ida Falk opposes the tram.", "Ida Falk", False),
        ("Mayor Ida Falk no longer backs it.", "Falk", False),
        ("Ida Falk, the mayor, has dropped her support for it.", "Otto Lenz", True),
        ("The Swim Club opposes the tram.", "Ann Hill", False),
        ("Her party opposes the tram.", "Ann Hill", True),
        ("Her union opposes the tram.", "Ann Hill", False),
        ("Unlike Ida Falk, who opposes it, he supports the tram.", "Otto Lenz", False),
    ],
)
def test_the_side_of_another_person_is_not_the_holders(text: str, holders: str, is_another: bool) -> None:
    assert names_another(text, holders) == is_another


def test_a_matter_without_a_neutral_sentence_is_named_by_a_noun_phrase(tmp_path: Path) -> None:
    said = ["Vera Lind defended the night ferry.", "Owen Tarr attacked the night ferry.", "I want the night ferry."]
    with Store(tmp_path / "briefs.db") as store:
        for day in range(1, 7):
            held: list[Held] = [(f"Ann Reed{day}", "", "unclear", said[day % 3])]
            store.add(make_brief(f"2026-02-{day:02}", held, title="Marlow argues: Lind, Tarr, Holt, Amsel, Reed"))
        dossier = Dossier.from_store(store)
        before = placed(dossier)
        dossier.rebuild()
        assert placed(dossier) == before
    assert [issue.proposition for issue in dossier.issues.values()] == ["Night ferry"]


def test_other_statements_stay_without_an_issue(dossier: Dossier) -> None:
    assert placed(dossier)["The weather in Marlow was fine."] == (None, "unclear")


def test_placed_positions_are_marked_with_a_confidence(dossier: Dossier) -> None:
    rows = dossier.store.database.query("SELECT confidence, dossier_issue FROM positions_view")
    assert all(0 < row["confidence"] <= 1 for row in rows)
    assert any(row["confidence"] < 1 for row in rows if row["dossier_issue"])


def test_a_codebook_names_what_is_found(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        fill(store)
        Dossier.from_store(store)
        issues = (CodebookIssue(id="no-tram", proposition="The tram should be scrapped."),)
        found = placed(Dossier.from_store(store, codebook=Codebook(issues=issues)))
    assert found["The tram line should be extended."] == ("no-tram", "disagrees")
    assert found["The tram must not be extended."] == ("no-tram", "agrees")


def test_one_article_makes_no_issue() -> None:
    held: list[Held] = [("Vera Lind", "", "unclear", f"The tram should be extended to stop {n}.") for n in range(9)]
    assert Dossier([make_brief("2026-02-01", held)]).issues == {}


def test_a_rebuilt_dossier_keeps_ids(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        fill(store)
        dossier = Dossier.from_store(store)
        before = placed(dossier)
        dossier.rebuild()
        assert placed(dossier) == before


def test_people_join_issues_that_were_found(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        fill(store)
        dossier = Dossier.from_store(store)
        found = placed(dossier)
        tram, garage = (found[f"The {thing}."] for thing in ("tram should be extended", "garage must be built"))
        dossier.decide(str(tram[0]), str(garage[0]), "contrary", kind="issue")
        found = placed(dossier)
    assert found["The garage must be built."] == (tram[0], "disagrees")
    assert found["The tram should be extended."] == (tram[0], "agrees")


QUESTIONS = [
    ("Who would pay for the books?", "The books will be paid for out of the reserve.", True),
    ("How many homes would be lost?", "Fifty-two homes will be lost, the surveyors found.", True),
    ("How many homes would be lost?", "The homes would be lost for ever.", False),
    ("The plan does not say how many homes would disappear.", "Some sixty homes would be lost.", True),
    ("It was unclear on Friday whether rats or moles had gnawed the cable.", "Moles gnawed the cable.", True),
    ("It was unclear on Friday whether rats or moles had gnawed the cable.", "Rats and moles gnaw any cable.", False),
    (
        "Nobody could say who would foot the 90 million bill for the quay.",
        "The state pays 60 of the 90 million for the quay.",
        True,
    ),
    ("Nobody could say who would foot the 90 million bill for the quay.", "The quay has to be paid for.", False),
    ("Which level of noise would reach the quay at night?", "The noise on the quay at night is 40 decibels.", True),
    ("Where the herons are to nest if the quay comes, the survey asks.", "The herons will nest on the quay.", True),
    ("Can the district call a referendum of its own?", "The district may hold a referendum of its own.", True),
    ("Can the district call a referendum of its own?", "The district must hold a referendum.", False),
    ("What did the inspectors find at the dam?", "The inspectors found eleven leaks at the dam.", True),
    ("What did the inspectors find at the dam?", "He would not say what the inspectors found at the dam.", False),
    ("Who would pay for the books?", "Parents would buy the books.", False),
    ("Who would pay for the books?", "The tram should be extended.", False),
    ("Who will pay for the dam?", "The state would not pay for the dam.", False),
    ("Who will pay for the dam?", "The farmers won’t pay for the dam.", False),
    ("Who will pay for the dam?", "Nobody will pay for the dam.", False),
    ("Who will pay for the dam?", "The dam will be paid for next year.", False),
    ("Who will pay for the dam?", "The farmers will pay for the dam.", True),
    ("Who will pay for the dam?", "The state, not the farmers, will pay for the dam.", True),
    ("Who will pay for the dam?", "The dam will be paid for by the farmers.", True),
    ("Why does nobody listen to the farmers?", "The farmers will pay, and nobody will listen.", False),
    ("Why does nobody listen to the farmers?", "Nobody would listen because the farmers are few.", True),
    ("How many cottages would be lost?", "The cottages could supply 12 families.", False),
    ("It is not yet known who will meet the cost of the quay.", "The port will pay for the quay.", True),
    ("What will become of the 40 boats in the yard?", "The boats would be moved to another yard.", True),
    ("What will become of the 40 boats in the yard?", "The boats and the yard are old.", False),
    ("When did the letter reach the mayor?", "The letter reached the mayor in March.", True),
    ("When did the letter reach the mayor?", "The mayor tore up the letter in March.", False),
    ("Should the yard keep its crane?", "The yard should keep its crane.", False),
    ("Where the lost crane is, the port was unable to tell us.", "The lost crane stands in another yard.", True),
    ("What became of the lost crane nobody at the port could establish.", "The lost crane has been sold.", True),
    ("What became of the lost crane nobody at the port could establish.", "Nobody at the port knows the price.", False),
    ("Nobody at the port could say who would guard the yard.", "The yard will be watched by two officers.", True),
    (
        "Nobody could say who would pay if the dam ran over budget.",
        "The state would bear any overrun at the dam.",
        True,
    ),
    ("What the port has not said is who would run the yard.", "Ostby Ltd will operate the yard for ten years.", True),
    ("How the plan would treat the fish market is not set out in it.", "The fish market would be let alone.", True),
    ("Asked how many jobs the yard would bring, Reed had no figure.", "The yard will have 64 full-time posts.", True),
    ("Asked how many jobs the yard would bring, Reed had no figure.", "The yard will have many posts.", False),
    ("What the mill pays for its licence is not public.", "The mill pays 300,000 crowns for the licence.", True),
    ("Who will pay for the dam?", "The state will pay for the dam, so that no farmer sees a bill.", True),
    ("Who will guard the yard?", "Yard Watch will meet at the yard.", False),
    ("Who would look after the yard in winter?", "The parish will maintain the yard all winter.", True),
    ("What happens to the cranes?", "The cranes would be sold.", True),
    ("What happens to the cranes?", "The cranes are old.", False),
    ("How he is to be paid was not disclosed.", "The state will pay the clerks.", False),
    ("Who will pay for the dam?", "The state will pay for the books.", False),
    ("Whether clerks would lose their posts is unclear.", "Clerks fear for their posts.", False),
    ("Would you sell the yard to the port?", "The yard would be sold to the port.", False),
]
NOISE = [f"The committee heard report {n} on quay {n}." for n in range(12)]


@pytest.mark.parametrize(("question", "statement", "is_answer"), QUESTIONS)
def test_a_later_statement_answers_by_words_and_kind(question: str, statement: str, is_answer: bool) -> None:
    candidates = [Candidate(n, "2026-05-01", words, "Ann Reed") for n, words in enumerate([statement, *NOISE])]
    found = list(find_answers([OpenQuestion(1, "2026-01-01", question)], candidates))
    assert [each.position for each in found] == ([0] if is_answer else [])
    assert all(0 < each.confidence < 1 for each in found)


@pytest.mark.parametrize("date", ["2026-01-01", "2025-12-31", ""])
def test_an_earlier_statement_answers_nothing(date: str) -> None:
    question, statement, _ = QUESTIONS[0]
    candidates = [Candidate(n, date, words, "Ann Reed") for n, words in enumerate([statement, *NOISE])]
    assert list(find_answers([OpenQuestion(1, "2026-01-01", question)], candidates)) == []


def test_an_article_that_says_that_a_question_is_settled_makes_an_answer_surer() -> None:
    candidates = [Candidate(n, "2026-05-01", words, "Ann Reed") for n, words in enumerate([QUESTIONS[0][1], *NOISE])]
    question = OpenQuestion(1, "2026-01-05", "Who would pay for the books in the school?")
    contexts = ["", "She settled the question."]
    (plain,), (settled,) = (
        find_answers([question], candidates, lambda position, said=said: "" if position else said) for said in contexts
    )
    assert plain.confidence < settled.confidence


def test_two_statements_of_one_sentence_are_one_answer() -> None:
    candidates = [Candidate(n, "2026-05-01", QUESTIONS[0][1], "Ann Reed") for n in range(2)]
    candidates += [Candidate(n + 2, "2026-05-01", words, "Ann Reed") for n, words in enumerate(NOISE)]
    found = find_answers([OpenQuestion(1, "2026-01-05", QUESTIONS[0][0])], candidates, lambda _: "One sentence.")
    assert len(list(found)) == 1


def test_a_dossier_shows_questions_with_answers() -> None:
    asked = make_brief(
        "2026-01-01", [("Ann Reed", "", "unclear", "Marlow talks of Ann Reed.")], questions=[QUESTIONS[0][0]]
    )
    told = make_brief(
        "2026-03-01",
        [("Ann Reed", "", "unclear", QUESTIONS[0][1]), ("Tom Lee", "", "unclear", "Ann Reed of Marlow left.")],
    )
    dossier = Dossier([asked, told])
    (question,) = dossier.questions
    (answer,) = question.answers
    assert dossier.details([answer.position])[answer.position].statement == QUESTIONS[0][1]


def test_what_is_placed_in_one_dispute_stays_when_the_next_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(tmp_path / "briefs.db") as store:
        fill(store)
        others = "Falk Moss Quist Brandt Stern Nora Piet Lena Olaf Ivo Dunford".split()
        fill(
            store,
            **dict(zip("Lind Tarr Holt Amsel Reed Vera Owen Kaspar Ruth Ann Marlow".split(), others, strict=True)),
        )
        real = placing._Placer.place

        def fail_later(placer: placing._Placer) -> set[str]:
            if store.database.query("SELECT 1 FROM placements"):
                raise KeyboardInterrupt
            return real(placer)

        monkeypatch.setattr(placing._Placer, "place", fail_later)
        with pytest.raises(KeyboardInterrupt):
            Dossier.from_store(store)
        monkeypatch.undo()
        first = {row["position"] for row in store.database.query("SELECT position FROM placements")}
        assert first
        Dossier.from_store(store)
        assert first < {row["position"] for row in store.database.query("SELECT position FROM placements")}
        assert store.database.query("SELECT 1 FROM article_disputes WHERE NOT placed") == []


def test_statements_that_tell_no_groups_are_placed_like_those_that_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "_MAX_STATEMENTS", 70)
    monkeypatch.setattr(statements, "_AT_ONCE", 7)
    with Store(tmp_path / "briefs.db") as store:
        for month in range(1, 10):
            fill(store, f"2026-{month:02}")
        Dossier.from_store(store)
        sql = "SELECT statement, dossier_issue, placements.stance FROM placements JOIN positions ON id = position"
        rows = Counter(map(tuple, store.database.query(sql)))
    found = {statement: (issue, stance) for statement, issue, stance in rows}
    assert len(found) == len(rows) > 12
    assert set(rows.values()) == {9}
    assert found["The garage must be built."] != found["The garage must not be built."]
    assert found["The garage must be built."][0] != found["The tram should be extended."][0]


@pytest.mark.parametrize(
    "text",
    [
        "Tablets should be replaced by books.",
        "Schools should swap tablets for books.",
        "Books should take the place of tablets.",
        "Schools should move from tablets to books.",
    ],
)
def test_what_is_replaced_and_what_takes_its_place_are_on_opposite_sides(text: str) -> None:
    signs = read_content(text).signs
    assert signs["@screens"] < 0 < signs["@books"]


def test_words_tell_the_side_that_the_built_in_rules_left_open(tmp_path: Path) -> None:
    texts = (
        "Ada Kern said that she supports night flights. Ben Moll said that he opposes night flights.",
        "“Night flights must not be allowed,” Ada Kern said. Ben Moll said that he opposes night flights.",
        "“I now support night flights,” Ben Moll said. Ada Kern said that night flights should be allowed.",
        "Ben Moll said: “Nobody knows yet how many night flights there are.” Ada Kern supports night flights.",
    )
    with Store(tmp_path / "briefs.db") as store:
        for day, text in enumerate(texts, 1):
            article = Article.from_text(text, published=f"2026-03-{day:02}", title="Night flights")
            store.add(summarize(article, model="builtin"), article)
        found = placed(Dossier.from_store(store))
    sides = {text.partition(": ")[2] or text: stance for text, (_, stance) in found.items()}
    assert sides["Night flights must not be allowed."] == "disagrees"
    assert sides["I now support night flights."] == "agrees"
    assert sides["Night flights should be allowed."] == "agrees"
    assert sides["Nobody knows yet how many night flights there are."] == "unclear"


@pytest.mark.parametrize(
    ("said", "stance"),
    [
        ("the toll would cost the town 4 million crowns", "unclear"),
        ("the toll would cost a million crowns", "unclear"),
        ("the toll had cost the town 4 million crowns", "disagrees"),
        ("the toll would cost the town its trade", "disagrees"),
    ],
)
def test_the_price_of_a_plan_takes_no_side(said: str, stance: str) -> None:
    others = "The council argues whether the toll should be introduced. Tom Hill opposes the toll."
    brief = summarize(f"{others} Ada Kern said that {said}.", model="builtin")
    (holder,) = (each.id for each in brief.holders if each.name == "Ada Kern")
    assert [each.stance for each in brief.positions if holder in each.holders] == [stance]
