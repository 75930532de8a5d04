"""Prompts are files with a header; their variables and sections are checked."""

from pathlib import Path

import pytest

from summarizer.engines.llm.prompts import load_prompts, read_prompt
from summarizer.errors import PromptError

REPAIR = """+++
name = "repair"
version = "mine"
variables = ["problems"]
+++
## user

Mend this for $$5: ${problems}
"""


def write(folder: Path, text: str, name: str = "repair.md") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_library_has_a_prompt_for_extraction_and_one_for_repair() -> None:
    prompts = load_prompts()
    assert {"extract", "context", "repair", "extract-small", "context-small"} < prompts.keys()
    assert [role for role, _ in prompts["extract"].messages] == ["system", "user"]


def test_article_is_last_so_that_servers_can_cache_the_rest() -> None:
    _, last = load_prompts()["extract"].messages[-1]
    assert last.template.endswith("${article}")
    assert not load_prompts()["extract"].messages[0][1].get_identifiers()


def test_values_are_inserted_unchanged() -> None:
    (message,) = load_prompts()["repair"].fill(problems="costs $9 or ${article}")
    assert "costs $9 or ${article}" in message.content


def test_missing_variable_is_named() -> None:
    with pytest.raises(PromptError, match="lacks problems"):
        load_prompts()["repair"].fill()


def test_unknown_variable_is_named() -> None:
    with pytest.raises(PromptError, match="unknown name mood"):
        load_prompts()["repair"].fill(problems="none", mood="good")


def test_file_replaces_one_prompt(tmp_path: Path) -> None:
    prompts = load_prompts(write(tmp_path, REPAIR))
    assert prompts["repair"].version == "mine"
    assert prompts["extract"].sha256 == load_prompts()["extract"].sha256
    assert prompts["repair"].fill(problems="x")[0].content == "Mend this for $5: x"


def test_folder_replaces_the_prompts_in_it(tmp_path: Path) -> None:
    write(tmp_path, REPAIR)
    assert load_prompts(tmp_path)["repair"].version == "mine"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("## user\n\nhello", "has no header"),
        (REPAIR.replace('version = "mine"', "version = mine"), "not TOML"),
        (REPAIR.replace('version = "mine"\n', ""), "lacks version"),
        (REPAIR.replace('version = "mine"', 'version = "1"\ncolour = "red"'), "unknown name colour"),
        (REPAIR.replace('["problems"]', '"problems"'), "as a list of names"),
        (REPAIR.replace("## user", "Dear model"), "has no section '## user'"),
        (REPAIR.replace("$$5", "$5"), "without a variable"),
        *(
            (REPAIR.replace('"mine"', version), r"repair\.md must give version as a string")
            for version in ("2", "1.5", "true", "[1]", "2026-01-01")
        ),
        *(
            (REPAIR.replace('"repair"', name), r"repair\.md gives the name .*, which must be 'repair'")
            for name in ('"extarct"', "1")
        ),
        (REPAIR.replace('["problems"]', "[1]"), "variables as a list of names"),
        (REPAIR + "## user\n\nAgain.\n", "must have one section '## user' and at most one '## system'"),
        (REPAIR + "## assistant\n\nYes.\n", "must have one section '## user' and at most one '## system'"),
        (REPAIR + "## system", "The section '## system' of the prompt .* is empty"),
        (REPAIR.replace("${problems}", "${troubles}"), "lacks problems"),
        (REPAIR.replace("${problems}", "${problems} ${mood}"), "unknown name mood"),
        (
            REPAIR.replace('["problems"]', '["problems", "mood"]').replace("${problems}", "${problems} ${mood}"),
            "unknown name mood",
        ),
    ],
)
def test_malformed_prompt_is_an_error_with_the_reason(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(PromptError, match=message):
        load_prompts(write(tmp_path, text))


MISTYPED = """+++
name = "gist"
version = "mine"
variables = ["title", "parts", "issues"]
+++
## system

Say what the article is about.

## User

${title} ${parts} ${issues}
"""


@pytest.mark.parametrize(
    ("heading", "hint"),
    [
        ("## User", "'## User'"),
        ("# Rules\n\n## Tone\n\n## User", "'## User'"),
        ("## usr", "'## usr'"),
        ("# user", "'# user'"),
        ("", "Add the"),
    ],
)
def test_prompt_without_user_section_is_refused_and_the_other_heading_named(
    tmp_path: Path, heading: str, hint: str
) -> None:
    text = MISTYPED.replace("## User", heading)
    with pytest.raises(PromptError, match="has no section '## user'") as caught:
        load_prompts(write(tmp_path, text, "gist.md"))
    assert hint in str(caught.value)
    assert "gist.md" in str(caught.value)


def test_prompt_with_user_section_alone_replaces_one_with_a_system_section(tmp_path: Path) -> None:
    text = MISTYPED.replace("## system\n\nSay what the article is about.\n\n## User", "## user")
    assert [role for role, _ in load_prompts(write(tmp_path, text, "gist.md"))["gist"].messages] == ["user"]


def test_system_section_within_a_conversation_is_refused(tmp_path: Path) -> None:
    text = REPAIR.replace("## user", "## system\n\nBe kind.\n\n## user")
    with pytest.raises(PromptError, match=r"repair\.md must have one section '## user' and no other"):
        load_prompts(write(tmp_path, text))


def test_text_before_the_first_section_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="between its header and the first section"):
        load_prompts(write(tmp_path, REPAIR.replace("## user", "Dear model\n\n## user")))


def test_missing_prompt_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"There is no prompt file or folder .*repair\.md"):
        load_prompts(tmp_path / "repair.md")


def test_file_without_the_name_of_a_prompt_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        PromptError,
        match=r"summary\.md is not the name of a prompt.*extract\.md, context\.md",
    ):
        load_prompts(write(tmp_path, REPAIR, "summary.md"))


def test_folder_without_prompts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="There is no prompt in"):
        load_prompts(tmp_path)


def test_prompt_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "repair.md"
    path.write_bytes(b"\xff\xfe+++")
    with pytest.raises(PromptError, match="not UTF-8"):
        read_prompt(path)


def test_spaces_after_a_heading_are_ignored(tmp_path: Path) -> None:
    prompt = read_prompt(write(tmp_path, REPAIR.replace("## user", "## user  ")))
    assert [message.content for message in prompt.fill(problems="one")] == ["Mend this for $5: one"]


@pytest.mark.parametrize("name", ["actors", "issues"])
def test_prompt_of_dossiers_may_lie_in_a_folder_but_replaces_none_of_briefs(tmp_path: Path, name: str) -> None:
    file = tmp_path / f"{name}.md"
    file.write_bytes((Path(__file__).parents[3] / "prompts" / f"{name}.md").read_bytes())
    assert load_prompts(tmp_path) == load_prompts()
    with pytest.raises(PromptError, match="is not the name of a prompt"):
        load_prompts(file)
