"""The built-in engine makes findings from the analysis alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.article import Article, Reading, read
from summarizer.attribution import analyse
from summarizer.brief import Holder, Position
from summarizer.engines import BuiltinEngine
from summarizer.engines.builtin.statements import as_sentence
from summarizer.models import UsageTracker
from summarizer.spans import quote
from summarizer.verification import Findings
from tests.timing import assert_linear


def findings_of(reading: Reading) -> Findings:
    return BuiltinEngine().extract(reading, analyse(reading))


async def notes_of(reading: Reading) -> tuple[str, ...]:
    return (await BuiltinEngine().run(reading, analyse(reading), UsageTracker())).notes


@pytest.fixture(scope="module")
def offer(seeds: Path) -> Findings:
    return findings_of(read(Article.from_file(seeds / "ukraine-nato-offer.txt")))


def holder(findings: Findings, surname: str) -> Holder:
    (only,) = [each for each in findings.holders if each.name and surname in each.name]
    return only


def saying(findings: Findings, surname: str, words: str) -> Position:
    """Return the only position of a holder whose statement contains ``words``."""
    wanted = holder(findings, surname).id
    (only,) = [each for each in findings.positions if wanted in each.holders and words in each.statement]
    return only


@pytest.mark.parametrize(
    ("surname", "words", "sentence"),
    [
        ("Logan", "This doesn’t move the needle at all", 8),
        ("Logan", "membership for Ukraine has not been realistic", 10),
        ("Logan", "other ways for nations", 12),
        ("Logan", "sending weapons and sanctioning Russia", 13),
        ("Michta", "membership for Ukraine has not been realistic", 10),
        ("Michta", "“non-issue”", 11),
        ("Bruen", "significant and substantive", 15),
        ("Bruen", "may have promised to patrol", 18),
        ("Bruen", "They need action", 21),
        ("Zelensk", "were a compromise", 7),
    ],
)
def test_positions_of_a_real_report_are_found(offer: Findings, surname: str, words: str, sentence: int) -> None:
    position = saying(offer, surname, words)
    assert sentence in [evidence.sentence for evidence in position.evidence]


def test_joint_statement_is_one_position_of_two_holders(offer: Findings) -> None:
    position = saying(offer, "Michta", "membership for Ukraine")
    assert set(position.holders) == {holder(offer, "Logan").id, holder(offer, "Michta").id}


def test_reported_guess_is_speculation(offer: Findings) -> None:
    assert saying(offer, "Bruen", "may have promised to patrol").certainty == "speculated"


@pytest.mark.parametrize(
    ("surname", "role", "affiliation"),
    [
        ("Logan", "director of defence and foreign policy studies", "Cato Institute"),
        ("Michta", "expert in strategic studies", "University of Florida"),
        ("Bruen", "former foreign policy adviser in the Obama administration", "Global Situation Room consultancy"),
    ],
)
def test_roles_and_affiliations_come_from_the_article(
    offer: Findings, surname: str, role: str, affiliation: str
) -> None:
    found = holder(offer, surname)
    assert role in (found.role or "")
    assert affiliation in (found.affiliation or "")


def test_question_of_a_speaker_stays_open(offer: Findings) -> None:
    (question,) = offer.open_questions
    assert (question.origin, question.raised_by) == ("asked", (holder(offer, "Bruen").id,))
    assert "what did Zelensky get in return" in question.question


def test_captions_have_no_positions(offer: Findings) -> None:
    cited = {evidence.sentence for position in offer.positions for evidence in position.evidence}
    assert cited.isdisjoint({2, 3, 4})


def test_unclear_matter_is_an_open_question(seeds: Path) -> None:
    found = findings_of(read(Article.from_file(seeds / "reservoir-brief.txt")))
    assert [(item.origin, item.evidence[0].sentence) for item in found.open_questions] == [("implied", 8)]


def test_article_without_a_dispute_has_no_issue() -> None:
    found = findings_of(read(Article.from_text("Bridge closed\n\nThe bridge is old, Anna Berg said. She left.")))
    assert found.issues == ()
    assert {position.issue for position in found.positions} == {None}


def test_article_without_speech_has_a_gist_and_no_positions() -> None:
    found = findings_of(read(Article.from_text("Rain in Riverton\n\nIt rained on Monday. The river rose.")))
    assert found.positions == ()
    assert found.gist is not None
    assert found.gist.text == "It rained on Monday."


@pytest.mark.parametrize("text", [",", "“,”", "—", "that "])
def test_article_of_punctuation_only_has_it_as_gist(text: str) -> None:
    found = findings_of(read(Article.from_text(text)))
    assert found.gist is not None
    assert found.gist.text.strip()


def test_quoted_words_are_highlighted_within_their_sentence(seeds: Path, offer: Findings) -> None:
    text = Article.from_file(seeds / "ukraine-nato-offer.txt").text
    for evidence in (item for position in offer.positions for item in position.evidence):
        assert evidence.phrases
        for phrase in evidence.phrases:
            assert phrase.text == quote(text, phrase.spans)
            assert phrase.text in evidence.quote


@pytest.mark.parametrize("text", ["桥必须拆除，王小明说。“它不安全。”他走了。", "قالت آنا بيرغ إن الجسر غير آمن."])
async def test_note_says_that_the_language_was_guessed(text: str) -> None:
    assert any("no rules for the language" in note for note in await notes_of(read(Article.from_text(text))))


async def test_english_article_has_no_note_on_language(seeds: Path) -> None:
    assert await notes_of(read(Article.from_file(seeds / "ukraine-nato-offer.txt"))) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Nobody knows whether the bridge will stand.",
        "It is unclear who will pay.",
        "What became of the old ferry nobody has been able to establish.",
        "Where the two boats are, the port was unable to say.",
        "Who will insure the boats, at a cost of two million, has not been agreed by anyone.",
        "Ms Berg does not know when the council will vote.",
        "It remains to be seen if the plan works.",
        "There are questions over whether the bridge is safe.",
        "No one at the table could tell who would maintain the bridge.",
        "How lorries would be counted is not set out anywhere in the plan.",
        "What the port has not disclosed is how much the bridge would earn.",
        "Asked when the bridge would open, Ms Berg said she did not have that date.",
        "Ms Berg had no reply when asked who would insure the bridge.",
        "Still unexplained, he said, was where the ferry would go.",
        "What the firm pays for the land has never been published.",
        "Left unsaid was who would paint the bridge.",
        "Residents wanted to know when the bridge would open.",
        "The question of who pays for the bridge was left hanging.",
        "Still to be settled is who chairs the panel.",
        "No date was given for the vote.",
        "The minister dodged a question about who would guard the bridge.",
        "Asked whether the bridge would close, she would not be drawn.",
    ],
)
def test_unknown_matter_is_an_open_question(sentence: str) -> None:
    found = findings_of(read(Article.from_text(f"The bridge is old. {sentence} It rained.")))
    assert [item.question for item in found.open_questions] == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "No one had a better right to decide than those who live by the bridge.",
        "She did not say much, and those who came left early.",
        "When he was told of the bridge, he did not answer.",
        "What she did not know was that the bridge was closed.",
    ],
)
def test_a_negated_verb_of_telling_alone_asks_nothing(sentence: str) -> None:
    assert findings_of(read(Article.from_text(f"The bridge is old. {sentence} It rained."))).open_questions == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Anna Berg has dropped her opposition to the bridge.",
        "Anna Berg no longer supports the bridge.",
        "Anna Berg has come round to the bridge.",
        "Anna Berg abandoned her refusal to spend money on the bridge.",
        "The Ferry Association withdrew its support for the bridge.",
    ],
)
def test_who_gives_up_an_opposition_or_a_support_holds_a_position(sentence: str) -> None:
    found = findings_of(read(Article.from_text(f"The bridge is old. {sentence} It rained.")))
    assert [each.evidence[0].quote for each in found.positions] == [sentence]


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("Would Osby prefer a bridge that Mrs. Berg, with her board, would pay for?", None),
        ("The point is stark: Would Osby prefer a bridge of steel?", "Would Osby prefer a bridge of steel?"),
        ("“Who can save the town?” asked Mr. Lind.", "Who can save the town?"),
        ("“Who can save the town? I know that I can,” said Mr. Lind.", ""),
        ("The site has headlines such as “Would you rather swim?”", ""),
        ("But for whom?", ""),
        ("The mayor's plan for the toll?", ""),
    ],
)
def test_question_is_whole_and_neither_answered_nor_only_named(sentence: str, question: str | None) -> None:
    found = findings_of(read(Article.from_text(f"The bridge is old. {sentence} It rained.")))
    assert [item.question for item in found.open_questions] == (
        [sentence if question is None else question] if question != "" else []
    )


def test_questions_of_an_interviewer_are_not_left_open() -> None:
    text = "Bridge talk\n\nQ: Must it go?\n\nA: It must.\n\nQ: And who will pay?\n\nA: The town will pay for it.\n"
    assert findings_of(read(Article.from_text(text))).open_questions == ()


async def test_other_language_has_a_note() -> None:
    german = read(Article.from_text("Die Brücke muss weg, sagte Anna Berg. Sie ging.", language="de"))
    assert any("rules for German are simpler" in note for note in await notes_of(german))


@pytest.mark.parametrize("tail", ["declined to comment", "refused to be named", "could not be reached"])
def test_holder_who_declines_to_comment_has_no_position(tail: str) -> None:
    found = findings_of(read(Article.from_text(f"The bridge is unsafe, Anna Berg said. The water company {tail}.")))
    assert [position.evidence[0].sentence for position in found.positions] == [1]


def test_statement_of_everyone_or_no_one_is_no_position() -> None:
    found = findings_of(
        read(Article.from_text("The bridge is unsafe, Anna Berg said. Not everyone dismissed the idea."))
    )
    assert [position.evidence[0].sentence for position in found.positions] == [1]


def test_cue_with_content_is_part_of_the_statement() -> None:
    found = findings_of(read(Article.from_text("The Growers Union opposes the plan. It rained on Monday.")))
    assert [position.statement for position in found.positions] == ["The Growers Union opposes the plan."]


@pytest.mark.parametrize(
    ("sentence", "statement"),
    [
        ("Tom Lind denied that the bridge was unsafe.", "Tom Lind denied that the bridge was unsafe."),
        ("Tom Lind did not think the road was closed.", "Tom Lind did not think the road was closed."),
        ("The union does not support the plan.", "The union does not support the plan."),
    ],
)
def test_denied_content_is_no_position(sentence: str, statement: str) -> None:
    found = findings_of(read(Article.from_text(f"{sentence} It rained on Monday.")))
    assert [position.statement for position in found.positions] == [statement]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ann Pike did not say that the bridge was safe.",
        "Ann Pike never claimed that the road was closed.",
        "Neither Ann Pike nor Maria Holt would say whether an appeal was planned.",
    ],
)
def test_unsaid_statement_is_no_position(sentence: str) -> None:
    assert findings_of(read(Article.from_text(f"{sentence} It rained on Monday."))).positions == ()


def test_answers_of_an_interview_are_positions_of_the_interviewee(seeds: Path) -> None:
    found = findings_of(read(Article.from_file(seeds / "harbour-interview.txt")))
    wanted = holder(found, "Halvane").id
    assert sum(wanted in position.holders for position in found.positions) > 10


def test_each_speaker_of_a_transcript_but_the_host_is_a_holder() -> None:
    text = "HOST: Welcome to the debate.\n\nBERG: The bridge must go now.\n\nLIND: It can stay for years.\n"
    found = findings_of(read(Article.from_text(text)))
    assert [one.name for one in found.holders] == ["Berg", "Lind"]


def positions_of(text: str) -> tuple[Position, ...]:
    return findings_of(read(Article.from_text(text))).positions


def test_two_statements_of_one_holder_in_a_sentence_are_one_position() -> None:
    (only,) = positions_of("Anna Berg said that she accepted the price and denied that the bridge was safe. It rained.")
    assert len(only.evidence) == 1
    lit = " ".join(phrase.text for phrase in only.evidence[0].phrases)
    assert "accepted the price" in lit
    assert "the bridge was safe" in lit


def test_repetition_in_similar_words_is_one_position_with_all_evidence() -> None:
    (only,) = positions_of(
        "Anna Berg said that the old bridge must be closed before winter. It rained.\n\n"
        "The old bridge must be closed before the winter, Ms Berg said."
    )
    assert [evidence.sentence for evidence in only.evidence] == [1, 3]


@pytest.mark.parametrize(
    "again",
    [
        "The old bridge must not be closed before the winter, Ms Berg said.",
        "The old bridge must be closed before the winter, Tomas Lind said.",
        "The 2 old bridges must be closed before the winter, Ms Berg said.",
    ],
)
def test_holder_negation_or_figure_separates_two_positions(again: str) -> None:
    first = "Anna Berg said that the old bridge must be closed before winter. It rained."
    assert len(positions_of(f"{first}\n\n{again}")) == 2


@pytest.mark.parametrize(
    ("sentence", "statement"),
    [
        ("Anna Berg said she would resign.", "Anna Berg: She would resign."),
        ("Anna Berg asked whether the bridge was safe.", "Anna Berg asked whether the bridge was safe."),
        ("The Growers Union has rejected the plan.", "The Growers Union has rejected the plan."),
        ("“It must go,” Anna Berg said. “It is unsafe.”", "Anna Berg: It must go. It is unsafe."),
        ("“This is a folly,” said Anna Berg.", "Anna Berg: This is a folly."),
        ("“That will not do,” said Anna Berg.", "Anna Berg: That will not do."),
    ],
)
def test_dependent_statement_names_its_holder(sentence: str, statement: str) -> None:
    assert [position.statement for position in positions_of(f"{sentence} It rained on Monday.")] == [statement]


@pytest.mark.parametrize(
    ("sentence", "statement"),
    [
        ("Thefts will rise, Ann Hill said, and pointed to the town of Osby.", "Thefts will rise."),
        ("Ann Hill said that fares would rise, and called for a vote.", "Fares would rise."),
        ("Ann Hill called it “a gamble,” the chairman of the board left.", "Ann Hill called it “a gamble.”"),
        ("Ann Hill told the harbour board that the crane was late.", "The crane was late."),
        ("''The crane is late,'' Ann Hill said.", "The crane is late."),
        ("Ann Hill said the crane was \"late, old and dear,\" and left.", "The crane was \"late, old and dear.\""),
        ("The union opposes it, saying its members will pay.", "The union opposes it. Its members will pay."),
        ("“We must sell,” said its chairman, Tom Reed.", "Tom Reed: We must sell."),
        ("The foreign ministry said that was absurd.", "The foreign ministry: That was absurd."),
        ("Lisa Kern said that would not happen.", "Lisa Kern: That would not happen."),
        ("Lisa Kern said that Will Hill must go.", "Will Hill must go."),
        ("Walks ease pain, says Dr Hanna Weiss, but only for a while.", "Walks ease pain, but only for a while."),
        ("‘The boat’s late,’ said Ray Dodd. ‘Boats are.’", "The boat’s late. Boats are."),
        ("'The boat's late,' said Ray Dodd. 'Boats are.'", "The boat's late. Boats are."),
        ("\"The plan is poor,\" said the man who attacked Mayor Joan Reed's car.", "The plan is poor."),
        ("Ann Hill went on to criticize the toll.", "Ann Hill went on to criticize the toll."),
        ("Ann Hill vows to fight the toll.", "Ann Hill vows to fight the toll."),
        ("Ann Hill said &quot;the toll is dear&quot; to all.", "\"The toll is dear\" to all."),
        ("â€œThe toll is dear,â€\x9d Ann Hill said.", "The toll is dear."),
    ],
)  # fmt: skip
def test_statement_ends_where_the_words_of_its_holder_end(sentence: str, statement: str) -> None:
    assert statement in [position.statement for position in positions_of(f"{sentence} It rained on Monday.")]


@pytest.mark.parametrize(
    ("sentence", "statement"),
    [
        ("Ann Hill signaled support for a toll that lasts.", "Ann Hill signaled support for a toll that lasts."),
        ("The poll found Ann Hill leading by two points.", "The poll found Ann Hill leading by two points."),
        ("Ann Hill demanded that the toll be cut by half.", "Ann Hill demanded that the toll be cut by half."),
        ("The toll is dear, according to Ann Hill, the chair of the board.", "The toll is dear."),
        ("The ferry was late (the crane was broken, according to the harbour board).", "The crane was broken."),
        ("Ann Hill said that “it is dear” and that “it is late.”", "Ann Hill: “It is dear” and “it is late.”"),
        ("“We must sell,” Ann Hill said, adding that the toll was up.", "Ann Hill: “We must sell.” The toll was up."),
        ("Ann Hill also rejected the toll.", "Ann Hill rejected the toll."),
        ("The board said the ferry was late but declined to give a date.", "The ferry was late."),
    ],
)  # fmt: skip
def test_statement_is_a_sentence(sentence: str, statement: str) -> None:
    assert statement in [position.statement for position in positions_of(f"{sentence} It rained on Monday.")]


@pytest.mark.parametrize(
    "sentence",
    [
        "“The ferry is late,” said Ann Hill, head of a group called Save the Ferry.",
        "The board fell out with Mr Reed, whom Ann Hill called “a fool.”",
        "The ferry was late, the Courier reported, citing a source at the harbour.",
        "Asked about a toll for the ferry, Ann Hill said, “is like taxing the tide for its own good.”",
    ],
)
def test_words_that_make_no_sentence_are_no_position(sentence: str) -> None:
    words = ("Save", "a fool", "citing", "like taxing")
    statements = [position.statement for position in positions_of(f"{sentence} It rained on Monday.")]
    assert not [statement for statement in statements if any(word in statement for word in words)]


def test_quotation_over_paragraphs_is_one_statement_without_inner_marks() -> None:
    text = "“We count the cases,” Ann Hill said. “The cases fall.\n\n“Until now nobody came to help us.”"
    assert [position.statement for position in positions_of(text)] == [
        "Ann Hill: We count the cases. The cases fall. Until now nobody came to help us."
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("the crane is “late,”", "The crane is “late.”"),
        ("“the crane is late", "The crane is late."),
        ("the crane is “late and old", "The crane is “late and old”."),
        ("that, if asked, she would go", "If asked, she would go."),
    ],
)
def test_clause_becomes_a_sentence(words: str, sentence: str) -> None:
    assert as_sentence(words) == sentence


def test_statement_of_a_generic_source_is_no_position() -> None:
    assert positions_of("Those who say that buses would do have never waited for one. It rained.") == ()


def test_body_named_by_a_motto_has_its_full_name() -> None:
    found = findings_of(
        read(Article.from_text("Keep the Bay says the honest figure is closer to 900 million. It rained."))
    )
    assert [each.name for each in found.holders] == ["Keep the Bay"]


GERMAN = (
    "Streit um die alte Brücke\n\nDie Brücke von Wendelbrück ist alt, und der Rat weiß noch nicht, was er will.\n\n"
    "Dagegen ist Korbinian Asmusfeld. „Man hat uns den Plan nicht gezeigt“, sagte Asmusfeld. „Wir waren zugedeckt.“\n\n"
    "„Das geht so nicht weiter“ steht auf einem Plakat. Asmusfeld nennt es „schlicht falsch“."
)


def test_quotations_and_judgements_in_german_are_positions() -> None:
    first, second = findings_of(read(Article.from_text(GERMAN, language="de"))).positions
    assert first.statement == "Man hat uns den Plan nicht gezeigt. Wir waren zugedeckt."
    assert (first.speech, [evidence.sentence for evidence in first.evidence]) == ("direct", [4, 5])
    assert second.statement == "Korbinian Asmusfeld nennt es „schlicht falsch“."


def test_quotations_in_a_language_without_rules_are_unconfirmed_positions() -> None:
    (only,) = findings_of(read(Article.from_text("«Мост надо закрыть», — сказала Анна Берг."))).positions
    assert (only.statement, only.checks.speaker) == ("Мост надо закрыть.", "unconfirmed")


def test_holder_in_another_language_has_the_fullest_name() -> None:
    (only,) = findings_of(read(Article.from_text(GERMAN, language="de"))).holders
    assert only.name == "Korbinian Asmusfeld"


def test_byline_is_not_the_gist() -> None:
    found = findings_of(
        read(Article.from_text("Brücke weg\n\nVon Anna Berg\n\nDie Brücke ist seit gestern Abend weg."))
    )
    assert found.gist is not None
    assert found.gist.text.endswith("Die Brücke ist seit gestern Abend weg.")


OTHER_LANGUAGES = {
    "fr": (
        "Le vieux pont de la ville est fermé depuis lundi, et le conseil ne sait pas encore ce qu'il va "
        "faire. « Le pont est dangereux et il faut le démolir cette année », a déclaré Ellen Park, la maire "
        "de la commune. Les habitants, eux, ne sont pas d'accord, car on a besoin de ce passage pour aller à "
        "la gare. « On ne nous a rien demandé », a dit Marc Petit devant la mairie. Une décision est attendue "
        "en mai."
    ),
    "es": (
        "El viejo puente de la ciudad está cerrado desde el lunes, y el consejo no sabe todavía qué va a "
        "hacer. «El puente es peligroso y hay que derribarlo este año», dijo Elena Parra, la alcaldesa de la "
        "ciudad. Los vecinos no están de acuerdo, porque necesitan el paso a la estación, y a las seis se "
        "reunieron. «Nadie nos ha preguntado nada», dijo Marcos Díaz ante el ayuntamiento. Se espera una "
        "decisión en mayo."
    ),
    "nl": (
        "De oude brug in de stad is sinds maandag dicht, en de raad weet nog niet of hij in mei iets kan "
        "doen. “De brug is gevaarlijk en moet dit jaar weg”, zei Ellen Park, de burgemeester van de stad. De "
        "bewoners zijn het er niet mee eens, want het was de weg op en neer naar het station. “Niemand heeft "
        "ons iets gevraagd”, zei Mark de Vries in de hal van het stadhuis. Een besluit is er in mei."
    ),
    "it": (
        "Il vecchio ponte della città è chiuso da lunedì, e il consiglio non sa ancora che cosa fare. «Il "
        "ponte è pericoloso e va demolito quest'anno», ha detto Elena Parodi, la sindaca della città. Gli "
        "abitanti non sono d'accordo, perché hanno bisogno del passaggio in direzione della stazione, a due "
        "passi. «Nessuno ci ha chiesto niente», ha detto Marco Rossi davanti al municipio. Una decisione è "
        "attesa a maggio, in consiglio."
    ),
    "pt": (
        "A velha ponte da cidade está fechada desde segunda-feira, e a câmara não sabe ainda o que vai fazer. "
        "“A ponte é perigosa e tem de ser demolida este ano”, disse Helena Prado, a presidente da câmara. Os "
        "moradores não estão de acordo, porque as pessoas precisam da passagem para a estação, a dois passos. "
        "“Ninguém nos perguntou nada”, disse Marcos Dias em frente à câmara. Espera-se uma decisão em maio."
    ),
    "sv": (
        "Den gamla bron i staden är stängd sedan i måndags, och rådet vet inte än vad det ska göra i maj. "
        "”Bron är farlig och måste rivas i år”, sade Ellen Park, stadens borgmästare. De boende håller inte "
        "med, för de behöver vägen till stationen och har samlat namn. ”Ingen har frågat oss om någonting”, "
        "sade Erik Åberg utanför stadshuset. Ett beslut väntas i maj, när rådet har sitt nästa möte."
    ),
    "da": (
        "Den gamle bro i byen har været lukket siden mandag, og rådet ved endnu ikke, hvad det vil gøre for "
        "at hjælpe. »Broen er farlig og må rives ned i år«, sagde Ellen Park, byens borgmester. Beboerne er "
        "ikke enige, for de har brug for vejen til stationen, og de har samlet navne. »Ingen har spurgt os om "
        "noget«, sagde Åge Holm foran rådhuset. Der ventes en beslutning i maj."
    ),
}
TWO_SPEAKERS = {
    "fr": ["Ellen Park", "Marc Petit"],
    "es": ["Elena Parra", "Marcos Díaz"],
    "nl": ["Ellen Park", "Mark de Vries"],
    "it": ["Elena Parodi", "Marco Rossi"],
    "pt": ["Helena Prado", "Marcos Dias"],
    "sv": ["Ellen Park", "Erik Åberg"],
    "da": ["Ellen Park", "Åge Holm"],
}


@pytest.mark.parametrize("language", [*OTHER_LANGUAGES])
@pytest.mark.parametrize("told", [True, False])
async def test_speakers_of_other_languages_are_found_with_a_note(language: str, told: bool) -> None:
    reading = read(Article.from_text(OTHER_LANGUAGES[language], language=language if told else None))
    found = findings_of(reading)
    assert [each.name for each in found.holders] == TWO_SPEAKERS[language]
    assert all(each.statement[0].isalpha() and each.speech == "direct" for each in found.positions)
    note = "rules for French are simpler" if language == "fr" else "no rules for the language of this article"
    assert any(note in each for each in await notes_of(reading))


OPINION = """Raise the fuel tax, and give it back
{byline}
Nobody likes a tax. I do not like this one either, and I believe that it should be doubled at once.

Mayor Jon Rook has called the present rate “a fair compromise”; I call it a subsidy for the well-off.

I propose that every crown be returned. Will the council dare? “What are they to do,” he asked, “arrest us?”
"""


def opinion_findings(text: str) -> Findings:
    return findings_of(read(Article.from_text(text)))


def authors(findings: Findings) -> list[Holder]:
    return [holder for holder in findings.holders if holder.kind == "author"]


def said_by_authors(findings: Findings) -> list[str]:
    ids = {holder.id for holder in authors(findings)}
    return [position.statement for position in findings.positions if ids & {*position.holders}]


def test_first_person_statements_are_the_authors() -> None:
    findings = opinion_findings(OPINION.format(byline="\nBy Marta Quill\n"))
    assert [holder.name for holder in authors(findings)] == ["Marta Quill"]
    assert "Marta Quill: It should be doubled at once." in said_by_authors(findings)


def test_author_without_a_byline_has_no_name() -> None:
    assert [holder.name for holder in authors(opinion_findings(OPINION.format(byline="")))] == [None]


def test_statement_that_needs_its_verb_stays_in_the_first_person() -> None:
    statements = said_by_authors(opinion_findings(OPINION.format(byline="")))
    assert "The author: I call it a subsidy for the well-off." in statements


@pytest.mark.parametrize(
    "text",
    [
        "“I think it is late and I believe it is over,” said Ann Hill.",
        "I think that Ann Hill is late, a neighbour said. Nobody else came.",
        "Ann Hill is an engineer.\n\nQ: Is it late?\n\nA: I think it is.\n\nQ: And now?\n\nA: I believe it is over.",
    ],
)
def test_quotations_answers_and_single_remarks_are_not_the_authors(text: str) -> None:
    assert authors(opinion_findings(text)) == []


def test_view_of_an_opinion_piece_comes_first(seeds: Path) -> None:
    reading = read(Article.from_file(seeds / "tram-opinion.txt"))
    findings = BuiltinEngine().extract(reading, analyse(reading))
    assert "Hester Quill: It is the most foolish idea" in " ".join(said_by_authors(findings))


def test_rest_of_a_broken_quotation_is_no_question() -> None:
    asked = [question.question for question in opinion_findings(OPINION.format(byline="")).open_questions]
    assert asked == ["Will the council dare?"]


def test_question_unknown_to_the_speaker_is_open_in_either_order() -> None:
    (question,) = opinion_findings("Ann Hill said: “Whether the fund will pay, I honestly don’t know.”").open_questions
    assert "Whether the fund will pay" in question.question


def test_content_of_a_drawing_is_no_position() -> None:
    findings = opinion_findings("The plan was shown on Friday. The drawings show a dog, a bench and a fountain.")
    assert findings.positions == ()


def test_quotations_of_one_speaker_take_linear_time():
    def prepare(size: int) -> Callable[[], object]:
        unit = "“No.” Ann Hill nodded. "
        reading = read(Article.from_text(unit * (size // len(unit)), language="en"))
        analysis = analyse(reading)
        return lambda: BuiltinEngine().extract(reading, analysis)

    assert_linear(prepare, 5_000)


@pytest.mark.parametrize(
    "question",
    [
        "Pretty much the same, right?",
        "So what does that mean for the port?",
        "Sounds familiar, doesn’t it?",
        "Why not?",
    ],
)
def test_rhetorical_question_is_not_open(question: str) -> None:
    text = f"The port wants a quay.\n\n{question} How much will the quay cost?"
    (found,) = findings_of(read(Article.from_text(text))).open_questions
    assert found.question == "How much will the quay cost?"


@pytest.mark.parametrize(
    ("sentence", "statement"),
    [
        ("QUARTER Let the town decide, Anna Berg said.", "Let the town decide."),
        ("Anna Berg said that the port was broke, while Tom Lind said it was rich.", "The port was broke."),
        ("Anna Berg said there were three reasons:\n\n- the weather\n- the cost", None),
        ("The owners cannot shake the dispute even after the police said it was over.", None),
    ],
)
def test_heading_and_words_of_others_are_no_part_of_a_statement(sentence: str, statement: str | None) -> None:
    positions = findings_of(read(Article.from_text(f"The council met on Monday.\n\n{sentence}"))).positions
    assert next((position.statement for position in positions), None) == statement
