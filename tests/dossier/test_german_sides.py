"""The sides that German statements take, by the words of the language: unclear is acceptable, wrong is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.dossier.foreign import read_as
from summarizer.dossier.wording import names_another, read_content

DECIDED = [
    ("Ich bin für die Maut.", "@levy", 1),
    ("Ich bin gegen die Maut.", "@levy", -1),
    ("Ich bin für die Schließung der Klinik.", "@hospital", -1),
    ("Ich bin gegen die Schließung der Klinik.", "@hospital", 1),
    ("Die Maut sei richtig.", "@levy", 1),
    ("Die Maut ist falsch.", "@levy", -1),
    ("Die Maut wäre ein Fehler.", "@levy", -1),
    ("Sie befürworte die Maut.", "@levy", 1),
    ("Sie lehne die Maut ab.", "@levy", -1),
    ("Die Maut lehnen wir ab.", "@levy", -1),
    ("Wir begrüßen die Maut ausdrücklich.", "@levy", 1),
    ("Sie halte die Maut für falsch.", "@levy", -1),
    ("Er halte die Maut für richtig.", "@levy", 1),
    ("Er sprach sich für die Maut aus.", "@levy", 1),
    ("Er sprach sich gegen die Maut aus.", "@levy", -1),
    ("Er will die Schließung der Klinik verhindern.", "@hospital", 1),
    ("Er unterstützt die Maut.", "@levy", 1),
    ("Sie habe kein Verständnis für die Maut.", "@levy", -1),
    ("Es wäre falsch, die Klinik zu erhalten.", "@hospital", -1),
    ("Es wäre falsch, die Klinik zu schließen.", "@hospital", 1),
    ("Die Klinik muss bleiben.", "@hospital", 1),
    ("Die Klinik müsse erhalten bleiben.", "@hospital", 1),
    ("Die Klinik darf nicht geschlossen werden.", "@hospital", 1),
    ("Die Klinik soll geschlossen werden.", "@hospital", -1),
    ("Die Klinik müsse dichtgemacht werden.", "@hospital", -1),
    ("Wir dürfen die Klinik auf keinen Fall schließen.", "@hospital", 1),
    ("Er sprach sich dafür aus, die Klinik zu erhalten.", "@hospital", 1),
    ("Er wandte sich dagegen, die Klinik zu schließen.", "@hospital", 1),
    ("Sie kämpft dafür, dass die Klinik bleibt.", "@hospital", 1),
    ("Sie warnte davor, die Klinik zu schließen.", "@hospital", 1),
    ("Die Maut muss weg.", "@levy", -1),
    ("Die Maut gehört abgeschafft.", "@levy", -1),
    ("Die Maut muss eingeführt werden.", "@levy", 1),
    ("Von der Maut will ich nichts wissen.", "@levy", -1),
    ("Die Maut ist nicht richtig.", "@levy", -1),
    ("Zur Maut sage ich Ja.", "@levy", 1),
    ("Wir sagen Nein zur Maut.", "@levy", -1),
    ("Ich halte nichts von der Maut.", "@levy", -1),
    ("Die Maut kommt für uns nicht infrage.", "@levy", -1),
    ("Ohne die Maut geht es nicht.", "@levy", 1),
    ("Ich kann die Maut nicht unterstützen.", "@levy", -1),
    ("Die Schließung der Klinik ist unumgänglich und richtig.", "@hospital", -1),
    ("Die Schließung der Klinik wäre ein Skandal.", "@hospital", 1),
    ("Die Schließung der Klinik sei nicht hinnehmbar.", "@hospital", 1),
    ("Den Widerstand gegen die Maut halte ich für falsch.", "@levy", 1),
    ("Die Einführung der Maut lehnt sie ab.", "@levy", -1),
    ("Gegen die Maut werden wir uns wehren.", "@levy", -1),
    ("Dass die Maut kommt, finde ich richtig.", "@levy", 1),
    ("Dass die Maut kommt, halte ich für einen Fehler.", "@levy", -1),
    ("Er stimmte für die Maut.", "@levy", 1),
    ("Er stimmte gegen die Maut.", "@levy", -1),
    ("Ich bin nicht mehr gegen die Maut.", "@levy", 1),
    ("Ich bin nicht länger für die Maut.", "@levy", -1),
    ("Er fordert den Erhalt der Klinik.", "@hospital", 1),
    ("Er fordert, die Klinik stillzulegen.", "@hospital", -1),
    ("Er fordert, auf die Schließung der Klinik zu verzichten.", "@hospital", 1),
    ("Wir wollen das Freibad behalten.", "@bathing", 1),
    ("Das Freibad ist ein Fass ohne Boden und sollte geschlossen werden.", "@bathing", -1),
    ("Ein Tempolimit brauche niemand, sagte sie.", "@traffic", -1),
    ("Ein Tempolimit auf der Allee sei überfällig.", "@traffic", 1),
    ("Das Tempolimit gehe an der Wirklichkeit vorbei und sei reine Gängelung.", "@traffic", -1),
    ("Windräder haben im Wald nichts verloren.", "@energy", -1),
    ("Die Windräder sollen gebaut werden.", "@energy", 1),
    ("Er werde alles tun, um die Windräder zu verhindern.", "@energy", -1),
    ("Ich stehe zu dem Windpark, auch wenn es Ärger gibt.", "@energy", 1),
    ("An dem Windpark führe kein Weg vorbei.", "@energy", 1),
    ("Gegen den Windpark spreche schon der Artenschutz.", "@energy", -1),
    ("Für den Windpark spreche die Pacht.", "@energy", 1),
    ("Sie sehe den Windpark kritisch.", "@energy", -1),
    ("Sie sehe den Windpark positiv.", "@energy", 1),
    ("Die Zusammenlegung der Schulen lehnten die Eltern rundweg ab.", "@schools", -1),
    ("Die Schulen dürften nicht geschlossen werden.", "@schools", 1),
    ("Man müsse die Schule retten.", "@schools", 1),
    ("Die Bürger sollten in einem Bürgerentscheid abstimmen.", "@vote", 1),
    ("Einen Bürgerentscheid brauche es nicht.", "@vote", -1),
    ("Ein Bürgerentscheid sei der falsche Weg.", "@vote", -1),
    ("Sie dringe auf einen Bürgerentscheid.", "@vote", 1),
    ("Von einem Bürgerentscheid halte sie wenig.", "@vote", -1),
    ("Die Bücherei darf nicht sterben.", "@library", 1),
    ("Die Bücherei können wir uns nicht mehr leisten.", "@library", -1),
    ("Auf die Bücherei können wir nicht verzichten.", "@library", 1),
    ("Auf die Bücherei könne man verzichten.", "@library", -1),
    ("Ich finde es gut, dass die Bücherei bleibt.", "@library", 1),
    ("Ich finde es schlecht, dass die Bücherei bleibt.", "@library", -1),
    ("Die Entscheidung, die Bücherei zu schließen, war falsch.", "@library", 1),
    ("Die Entscheidung, die Bücherei zu schließen, war richtig.", "@library", -1),
    ("Ich bedaure, dass die Bücherei geschlossen wird.", "@library", 1),
    ("Ich begrüße, dass die Bücherei geschlossen wird.", "@library", -1),
    ("Niemand will die Bücherei schließen.", "@library", 1),
    ("Hände weg von der Bücherei!", "@library", 1),
    ("Wir kämpfen für die Bücherei, nicht gegen den Bürgermeister.", "@library", 1),
    ("Die Maut sei kein Segen.", "@levy", -1),
    ("Niemand brauche die Maut.", "@levy", -1),
    ("Statt der Maut brauche es eine Umgehungsstraße.", "@levy", -1),
    ("Statt der Maut brauche es eine Umgehungsstraße.", "@traffic", 1),
    ("Sie forderte ein Ende der Maut.", "@levy", -1),
    ("Sie verlangte, die Maut zurückzunehmen.", "@levy", -1),
    ("Der Verzicht auf die Maut wäre ein Fehler.", "@levy", 1),
    ("Er warb um Zustimmung zur Maut.", "@levy", 1),
    ("Seine Kritik an der Maut erneuerte er.", "@levy", -1),
    ("Die Maut war richtig und bleibt richtig.", "@levy", 1),
    ("Dass die Klinik schließt, finde ich falsch.", "@hospital", 1),
    ("Die Klinik wird geschlossen. Das ist falsch.", "@hospital", 1),
    ("Der Arzt drängte auf den Ausbau der Klinik.", "@hospital", 1),
    ("An der Klinik will er festhalten.", "@hospital", 1),
    ("Er nannte das Ende der Klinik „traurig, aber richtig“.", "@hospital", -1),
    ("Sie kämpfe um jedes Bett in der Klinik.", "@hospital", 1),
    ("Den Betrieb der Klinik könne sie nicht länger verantworten.", "@hospital", -1),
    ("Die Schließung der Klinik dürfe nicht weiter verzögert werden.", "@hospital", -1),
    ("Die Klinik ist zu erhalten.", "@hospital", 1),
]
OPEN = [
    ("Sie sei nicht gegen die Maut.", "@levy"),
    ("Die Maut sei nicht falsch.", "@levy"),
    ("Ich war früher gegen die Maut.", "@levy"),
    ("Wenn die Einnahmen in den Radweg fließen, wäre ich für die Maut.", "@levy"),
    ("Wer sagt, die Maut sei falsch, der kennt die Straße nicht.", "@levy"),
    ("Ob die Maut kommen soll, müsse der Rat entscheiden.", "@levy"),
    ("Soll die Maut kommen?", "@levy"),
    ("Ich habe nie gesagt, dass ich gegen die Maut bin.", "@levy"),
    ("Na klar, die Maut ist eine großartige Idee, und ich bin der Papst.", "@levy"),
    ("Ich habe nichts gegen die Maut.", "@levy"),
    ("Die Klinik wurde im Mai geschlossen.", "@hospital"),
    ("Die Maut gilt seit Mai für Lastwagen.", "@levy"),
    ("Die Schule kostet im Jahr zwei Millionen Euro.", "@schools"),
    ("Dem Vernehmen nach soll die Schule geschlossen werden.", "@schools"),
    ("Der Bürgerentscheid findet am 4. Mai statt.", "@vote"),
    ("Ich will die Bücherei nicht um jeden Preis retten.", "@library"),
    ("Über die Maut wird am Dienstag abgestimmt.", "@levy"),
    ("Ich verstehe die Kritik an der Maut.", "@levy"),
    ("Man muss über die Maut reden dürfen.", "@levy"),
    ("Der Rat müsse noch in diesem Jahr über die Maut entscheiden.", "@levy"),
    ("Nicht alle seien gegen die Maut.", "@levy"),
    ("Ich bin weder für noch gegen die Maut.", "@levy"),
    ("Es ist falsch, über die Maut nur zu reden.", "@levy"),
    ("Er arbeitet, um die Maut zu verstehen.", "@levy"),
]
NOT_READ_YET = [
    ("Wer das Freibad schließt, nimmt den Kindern den Sommer.", "@bathing", 1),
    ("Sie ist dagegen, einen Bürgerentscheid abzuhalten.", "@vote", -1),
    ("Wir haben nichts gegen einen Bürgerentscheid, im Gegenteil.", "@vote", 1),
    ("Es sei unverantwortlich, ausgerechnet bei der Bücherei zu sparen.", "@library", 1),
    ("Der Beschluss, die Bücherei aufzugeben, muss vom Tisch.", "@library", 1),
    ("Die Maut sei kein Fehler gewesen.", "@levy", 1),
    ("Mit der Maut könne der Radweg endlich gebaut werden.", "@levy", 1),
    ("Das Nein zur Maut bleibe bestehen.", "@levy", -1),
    ("Die Maut schade dem Handel.", "@levy", -1),
    ("Die Maut helfe dem Handel.", "@levy", 1),
]
MATTERS = {"Maut": "@levy", "Klinik": "@hospital", "Bücherei": "@library", "Schule": "@schools", "Kaserne": "kasern"}
FOR = [
    "Ich bin für die {}.",
    "Sie unterstützt die {}.",
    "Die {} ist richtig.",
    "Die {} muss erhalten bleiben.",
    "Er sprach sich für die {} aus.",
    "Er will die {} retten.",
]
AGAINST = [
    "Ich bin gegen die {}.",
    "Sie lehnt die {} ab.",
    "Die {} ist falsch.",
    "Die {} muss geschlossen werden.",
    "Er sprach sich gegen die {} aus.",
    "Er will die {} schließen.",
]


def side(text: str, term: str) -> int:
    sign = read_content(text).signs.get(term, 0)
    return (sign > 0) - (sign < 0)


@pytest.mark.parametrize(("text", "term", "expected"), DECIDED)
def test_words_decide_the_side(text: str, term: str, expected: int) -> None:
    assert side(text, term) == expected


@pytest.mark.parametrize(("text", "term"), OPEN)
def test_no_side_is_taken_in_doubt(text: str, term: str) -> None:
    assert side(text, term) == 0


@pytest.mark.parametrize(("text", "term", "expected"), NOT_READ_YET)
def test_a_side_that_is_not_understood_is_not_turned(text: str, term: str, expected: int) -> None:
    assert side(text, term) in (0, expected)


@given(st.sampled_from(FOR), st.sampled_from(AGAINST), st.sampled_from(sorted(MATTERS)))
def test_statements_for_and_against_have_opposite_sides(wanted: str, unwanted: str, noun: str) -> None:
    assert side(wanted.format(noun), MATTERS[noun]) == 1
    assert side(unwanted.format(noun), MATTERS[noun]) == -1
    assert (
        side(f"{wanted.format(noun)} Aber {unwanted.format(noun)[0].lower()}{unwanted.format(noun)[1:]}", MATTERS[noun])
        == 0
    )


@given(
    st.sampled_from(FOR + AGAINST),
    st.sampled_from(sorted(MATTERS)),
    st.sampled_from(["Früher: ", "Wer weiß, ob das stimmt: ", "Unter einer Bedingung: "]),
)
def test_what_is_not_asserted_takes_no_side(text: str, noun: str, before: str) -> None:
    assert side(before + text.format(noun), MATTERS[noun]) == 0


@pytest.mark.parametrize(
    ("text", "holders", "expected"),
    [
        ("Meine Partei lehnt die Maut ab.", "Anna Vogt", True),
        ("Seine Fraktion sei gegen die Maut.", "Anna Vogt", True),
        ("Die Grünen lehnen die Maut ab.", "Anna Vogt", True),
        ("Die Grünen lehnen die Maut ab.", "Die Grünen", False),
        ("Anna Vogt lehnt die Maut ab.", "Anna Vogt", False),
        ("Ich lehne die Maut ab.", "Anna Vogt", False),
        ("Sie sei für die Maut.", "Anna Vogt", False),
        ("Die Maut lehnt sie ab.", "Anna Vogt", False),
    ],
)
def test_the_side_of_somebody_else_is_told(text: str, holders: str, expected: bool) -> None:
    assert names_another(text, holders) is expected


@pytest.mark.parametrize(
    ("text", "read", "has_tables"),
    [
        ("The toll is right.", "The toll is right.", False),
        ("Die Maut ist richtig.", "Die Maut ist richtig.", True),
        ("Le péage est justifié.", "The toll is justified.", False),
        ("El peaje es justo.", "El peaje es justo.", False),
        ("Maut", "Maut", False),
    ],
)
def test_language_decides_how_a_text_is_read(text: str, read: str, has_tables: bool) -> None:
    found = read_as(text)
    assert (found.text, found.wording is not None) == (read, has_tables)
