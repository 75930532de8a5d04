"""The checks of the command ``doctor``."""

import re
from collections.abc import AsyncIterator, Iterator

import pytest

from summarizer import OpenAIModel, ScriptedModel
from summarizer.cli import doctor
from summarizer.cli.doctor import TEST_ARTICLE, SetupCheck, check_model, diagnose
from summarizer.errors import ServerFailed
from summarizer.models import Model
from summarizer.testing import reply_for
from tests.cli.conftest import Run, closed_port
from tests.models.conftest import KEY, CannedResponse, ReceivedRequest, Server, completion, error, listing
from tests.timing import clock_ahead, ends_early

VALID_REPLY = reply_for(TEST_ARTICLE).model_dump_json()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    server.set_responses(CannedResponse(completion(VALID_REPLY)))
    server.models = CannedResponse(listing("other", "tiny-2"))
    yield server
    server.close()


async def report(name: str | None, wait: float = 60, **environ: str) -> list[tuple[str, str, str]]:
    """Return subject, state and text of each check."""
    found = [check async for check in diagnose(name, environ, wait=wait)]
    assert KEY not in str(found)
    assert all(check.hint for check in found if check.state != "ok")
    return [(check.subject, check.state, f"{check.result} {check.hint}".strip()) for check in found]


async def checks(model: Model | None) -> list[SetupCheck]:
    return [check async for check in check_model(model)]


async def test_built_in_engine_passes() -> None:
    (check,) = await checks(None)
    assert check.state == "ok"
    assert "built-in engine" in check.result


async def test_model_that_makes_a_brief_passes() -> None:
    output, brief = await checks(ScriptedModel(reply_for(TEST_ARTICLE)))
    assert (output.subject, output.result) == ("output", "json_schema works")
    assert brief.state == "ok"
    assert "1 position" in brief.result


async def test_model_that_finds_no_position_fails() -> None:
    *_, check = await checks(ScriptedModel(reply_for(TEST_ARTICLE, [])))
    assert check.state == "failed"
    assert "too small" in check.hint


async def test_error_is_reported_with_its_hint() -> None:
    (check,) = await checks(ScriptedModel([ServerFailed("The server broke.", hint="Start it again.")]))
    assert (check.state, check.result, check.hint) == ("failed", "The server broke.", "Start it again.")


async def test_missing_server_is_the_last_check_and_no_key_is_shown() -> None:
    model = OpenAIModel("m", base_url="http://127.0.0.1:9/v1", api_key="sk-secret", attempts=1)
    found = await checks(model)
    await model.aclose()
    assert [(check.subject, check.state) for check in found] == [("server", "failed")]
    assert "refuses connections" in found[-1].result
    assert "sk-secret" not in str(found)


@pytest.mark.slow
async def test_unresponsive_server_fails_after_the_timeouts(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LISTING_TIMEOUT", 0.2)
    server.models = stalls = CannedResponse(stall=True)
    server.set_responses(stalls)
    with ends_early():
        lines = await report("tiny", wait=0.3, OPENAI_BASE_URL=server.url)
    assert [line[:2] for line in lines] == [
        ("server", "uncertain"),
        ("key", "ok"),
        ("model", "ok"),
        ("speed", "failed"),
    ]
    assert lines[0][2].startswith(f"{server.url} listed no models within 0.2 s")
    assert lines[-1][2].startswith("the server took the request and sent no byte within 0.3 s It loads the model")
    assert [line[:2] for line in await report(None, OPENAI_BASE_URL=server.url)][-1] == ("model", "failed")


async def test_missing_list_of_models_does_not_fail_the_brief(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LISTING_TIMEOUT", 0.2)
    server.models = CannedResponse(stall=True)
    assert (await report("tiny", OPENAI_BASE_URL=server.url))[-1][:2] == ("a brief", "ok")


async def test_unusable_proxy_is_the_only_check_and_fails(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "foo://127.0.0.1:1")
    ((subject, state, text),) = await report("tiny", OPENAI_BASE_URL=server.url)
    assert (subject, state) == ("server", "failed")
    assert "ALL_PROXY" in text


async def test_checks_are_server_key_models_model_output_and_brief(server: Server) -> None:
    lines = await report("tiny-2", OPENAI_BASE_URL=server.url, OPENAI_API_KEY=KEY)
    assert [(subject, state) for subject, state, _ in lines] == [
        (subject, "ok") for subject in ("server", "key", "models", "model", "speed", "output", "a brief")
    ]
    texts = {subject: text for subject, _, text in lines}
    assert re.fullmatch(r"\d\.\d s to the first byte", texts.pop("speed"))
    assert [*texts.values()][:5] == [server.url, "given", "2 listed: other, tiny-2", "tiny-2", "json_schema works"]


STREAM = tuple(b'data: {"choices": [{"delta": {"content": "one"}}]}\n\n' for _ in range(6))


@pytest.mark.slow
async def test_slow_model_is_told_with_what_was_measured(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    jump = clock_ahead(monkeypatch)

    def respond(received: ReceivedRequest) -> CannedResponse:
        if received.json.get("stream"):
            return CannedResponse(pieces=STREAM, pause=0.02)
        jump(200)
        return CannedResponse(stall=True)

    server.respond = respond
    lines = await report("tiny-2", wait=100, OPENAI_BASE_URL=server.url)
    *_, (subject, state, speed), (_, failed, brief) = lines
    assert (subject, state, failed) == ("speed", "ok", "failed")
    assert re.fullmatch(r"\d+\.\d s to the first byte, \d+\.\d tokens a second", speed)
    assert "none came within 100 s: the model answers slowly, or without end" in brief
    assert "--wait 1000" in brief


async def test_endless_reply_is_cut_off_and_told(server: Server) -> None:
    body = completion('{"gist": "' + "on and " * 10_000, finish_reason="length")
    body["usage"]["completion_tokens"] = 20_000
    server.set_responses(CannedResponse(body))
    *_, (_, state, text) = await report("tiny-2", OPENAI_BASE_URL=server.url)
    assert (state, text[:60]) == ("failed", "the model answers without end, or far too long: its reply wa")
    assert server.completions[-1].json["max_tokens"] == doctor.REPLY_TOKENS


async def test_server_that_loads_the_model_is_waited_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "POLL_INTERVAL", 0.01)
    loading = CannedResponse(error("Loading model", type="unavailable_error", code=503), 503)
    ready, server.models = server.models, loading

    def count() -> None:
        if len(server.requests) == 4:
            server.models = ready

    server.on_request = count
    assert (await report("tiny-2", OPENAI_BASE_URL=server.url))[-1][:2] == ("a brief", "ok")


async def test_server_that_loads_too_long_is_the_last_check(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "POLL_INTERVAL", 1_000)
    server.models = CannedResponse(error("Loading model", type="unavailable_error", code=503), 503)
    ((subject, state, text),) = await report("tiny-2", wait=100, OPENAI_BASE_URL=server.url)
    assert (subject, state) == ("server", "failed")
    assert "still loads the model after 100 s" in text
    assert "--wait 1000" in text


async def test_refused_speed_probe_does_not_fail_the_brief(server: Server) -> None:
    server.respond = lambda received: (
        CannedResponse(error("stream is not supported"), 400)
        if received.json.get("stream")
        else CannedResponse(completion(VALID_REPLY))
    )
    lines = await report("tiny-2", OPENAI_BASE_URL=server.url)
    assert "speed" not in [subject for subject, *_ in lines]
    assert lines[-1][:2] == ("a brief", "ok")


async def test_output_check_names_the_form_that_works(server: Server) -> None:
    server.respond = lambda received: (
        CannedResponse(completion(VALID_REPLY))
        if received.form == "text"
        else CannedResponse(error("Unknown response_format"), 400)
    )
    assert ("output", "ok", "text works") in await report("tiny-2", OPENAI_BASE_URL=server.url)


async def test_unlisted_model_is_uncertain_and_similar_names_are_suggested(server: Server) -> None:
    lines = await report("tiny", OPENAI_BASE_URL=server.url)
    (name,) = [(state, text) for subject, state, text in lines if subject == "model"]
    assert name[0] == "uncertain"
    assert "does not list “tiny” It lists: tiny-2, other." in name[1]
    assert lines[-1][:2] == ("a brief", "ok")


async def test_unlisted_model_that_the_server_rejects_fails(server: Server) -> None:
    server.set_responses(CannedResponse(error("No such model", code="model_not_found"), 404))
    assert (await report("tiny", OPENAI_BASE_URL=server.url))[-1][:2] == ("a brief", "failed")


async def test_server_without_a_list_of_models_can_pass(server: Server) -> None:
    server.models = None
    lines = await report("tiny", OPENAI_BASE_URL=server.url)
    assert ("models", "ok", "this server does not list them") in lines
    assert lines[-1][:2] == ("a brief", "ok")


async def test_rejected_key_fails_the_key_check(server: Server) -> None:
    server.models = CannedResponse(error(f"Wrong key {KEY}"), 401)
    *_, (subject, state, text) = await report("tiny", OPENAI_BASE_URL=server.url, OPENAI_API_KEY=KEY)
    assert (subject, state) == ("key", "failed")
    assert "Set OPENAI_API_KEY to a valid key" in text


async def test_key_without_permission_to_list_models_can_pass(server: Server) -> None:
    server.models = CannedResponse(error("Missing scopes: api.model.read"), 403)
    lines = await report("tiny", OPENAI_BASE_URL=server.url, OPENAI_API_KEY=KEY)
    assert ("models", "ok", "this key may not list them") in lines
    assert lines[-1][:2] == ("a brief", "ok")


async def test_several_models_without_a_name_fail_the_model_check(server: Server) -> None:
    *_, (subject, state, text) = await report(None, OPENAI_BASE_URL=server.url)
    assert (subject, state) == ("model", "failed")
    assert "SUMMARIZER_MODEL" in text


async def test_missing_openai_key_names_the_server_and_the_variable() -> None:
    (key,) = await report("gpt-x")
    assert key[:2] == ("key", "failed")
    assert key[2].startswith("none given for https://api.openai.com/v1 Set OPENAI_API_KEY")


@pytest.mark.parametrize("name", [None, "tiny"])
async def test_invalid_base_url_fails_the_server_check(name: str | None) -> None:
    ((subject, state, text),) = await report(name, OPENAI_BASE_URL="nonsense")
    assert (subject, state) == ("server", "failed")
    assert "OPENAI_BASE_URL" in text


async def test_key_with_invalid_characters_fails_the_key_check() -> None:
    *_, (subject, state, text) = await report("tiny", OPENAI_API_KEY=f"{KEY}“")
    assert (subject, state) == ("key", "failed")
    assert "The API key contains a character" in text


async def test_empty_model_name_fails_the_model_check() -> None:
    ((subject, state, _),) = await report(" ", OPENAI_API_KEY=KEY)
    assert (subject, state) == ("model", "failed")


# The command


def test_command_checks_the_built_in_engine(run: Run) -> None:
    result = run("doctor", "--model", "builtin")
    assert result.exit_code == 0
    assert result.stdout.startswith("ok   a brief ")


def test_command_reports_the_problem_and_a_hint(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with closed_port() as port:
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{port}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
        result = run("doctor", "--model", "tiny")
    assert result.exit_code == 1
    assert "NOT  server" in result.stdout
    assert "is the server running?" in result.stdout
    assert "sk-secret" not in result.stdout + result.stderr


def test_command_prints_one_line_for_each_check(run: Run) -> None:
    result = run("doctor", "--model", "tiny")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "NOT  key     none given for https://api.openai.com/v1"


@pytest.mark.parametrize("well", [True, False])
def test_exit_code_is_that_of_the_test_article(run: Run, monkeypatch: pytest.MonkeyPatch, well: bool) -> None:
    async def diagnose(name: str | None, *, wait: float) -> AsyncIterator[SetupCheck]:
        assert wait == 60
        yield SetupCheck("model", "uncertain", f"the server does not list “{name}”", "It lists: tiny-2.")
        yield SetupCheck("a brief", "ok" if well else "failed", "1 position", "Try another.")

    monkeypatch.setattr("summarizer.cli.doctor.diagnose", diagnose)
    result = run("doctor", "--model", "tiny")
    assert result.exit_code == (0 if well else 1)
    lines = result.stdout.splitlines()
    assert lines[:2] == [" ?   model   the server does not list “tiny”", "             It lists: tiny-2."]
    assert lines[2] == f"{'ok ' if well else 'NOT'}  a brief 1 position"


async def test_limits_of_the_environment_apply_to_the_test_article(server: Server) -> None:
    found = await report("tiny", OPENAI_BASE_URL=server.url, SUMMARIZER_REPLY_TOKENS="4000")
    assert found
    assert server.completions[-1].json["max_tokens"] == 4000


@pytest.mark.parametrize(("name", "environ"), [("built-in", {}), (None, {"SUMMARIZER_MODEL": "built-in"})])
async def test_wrong_name_of_the_built_in_engine_fails_the_check_of_the_model(
    name: str | None, environ: dict[str, str]
) -> None:
    ((subject, state, text),) = await report(name, **environ)
    assert (subject, state, "called “builtin”" in text) == ("model", "failed", True)
