"""Resolve a model from a name, an object or the environment."""

import asyncio
import warnings
from pathlib import Path

import pytest

from summarizer.errors import AuthenticationFailed, ConfigurationError, ModelNotFound, RequestRefused
from summarizer.models import (
    DEFAULT_MODEL,
    Limits,
    Model,
    NoModelWarning,
    OpenAIModel,
    Reply,
    Request,
    RetryingModel,
    resolve_model,
)
from summarizer.testing import ScriptedModel

from .conftest import KEY, CannedResponse, Server, listing


def test_builtin_means_no_model_and_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert resolve_model("builtin", {}) is None
        assert resolve_model(None, {"SUMMARIZER_MODEL": "builtin", "OPENAI_API_KEY": KEY}) is None


def test_model_object_is_returned_unchanged() -> None:
    model = ScriptedModel([])
    assert resolve_model(model, {"SUMMARIZER_MODEL": "tiny"}) is model


def test_other_values_are_rejected() -> None:
    with pytest.raises(ConfigurationError, match="A int is not a model"):
        resolve_model(7, {})  # type: ignore[arg-type]


def test_name_means_a_model_at_the_server_of_the_environment() -> None:
    model = resolve_model("tiny", {"OPENAI_BASE_URL": "http://localhost:1/v1", "SUMMARIZER_MODEL": "other"})
    assert repr(model) == "OpenAIModel('tiny', base_url='http://localhost:1/v1')"


def test_name_without_key_or_address_names_the_variable() -> None:
    with pytest.raises(AuthenticationFailed, match="OPENAI_API_KEY"):
        resolve_model("tiny", {})


@pytest.mark.parametrize("key", [{}, {"OPENAI_API_KEY": KEY}])
@pytest.mark.parametrize("name", ["opanai:gpt-5", "openai:gpt-5", "qwen3:8b", ":x"])
def test_prefix_that_is_no_provider_is_named(name: str, key: dict[str, str]) -> None:
    provider = name.partition(":")[0]
    with pytest.raises(
        ConfigurationError, match=f"No provider “{provider}” is installed.*OpenAI's models have no prefix"
    ):
        resolve_model(name, key)


@pytest.mark.usefixtures("providers")
def test_misspelt_provider_is_corrected() -> None:
    with pytest.raises(ConfigurationError, match=r"No provider “ecko” is installed\. Did you mean echo\?"):
        resolve_model("ecko:large", {})


@pytest.mark.parametrize("name", ["buildin", "qwen3:8b", "built"])
def test_another_server_may_have_a_model_of_any_name(name: str) -> None:
    model = resolve_model(name, {}, base_url="http://localhost:1/v1")
    assert model is not None
    assert model.name == name


def test_fine_tuned_model_has_colons() -> None:
    model = resolve_model("ft:gpt-4o-mini:team::x", {"OPENAI_API_KEY": KEY})
    assert model is not None
    assert model.name == "ft:gpt-4o-mini:team::x"


def test_variable_names_the_default_model() -> None:
    model = resolve_model(None, {"SUMMARIZER_MODEL": " tiny ", "OPENAI_API_KEY": KEY})
    assert model is not None
    assert model.name == "tiny"


@pytest.mark.parametrize("url", ["", "https://api.openai.com/v1", "https://eu.api.openai.com/v1/"])
def test_key_alone_means_the_default_model_at_openai(url: str) -> None:
    model = resolve_model(None, {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": url})
    assert model is not None
    assert model.name == DEFAULT_MODEL


def test_openais_address_without_a_key_names_the_variable() -> None:
    with pytest.raises(AuthenticationFailed, match="OPENAI_API_KEY"):
        resolve_model(None, {"OPENAI_BASE_URL": "https://api.openai.com/v1"})


@pytest.mark.parametrize("environ", [{}, {"OPENAI_API_KEY": "", "OPENAI_BASE_URL": " "}])
def test_empty_environment_means_the_builtin_engine_with_a_warning(environ: dict[str, str]) -> None:
    with pytest.warns(NoModelWarning) as caught:
        assert resolve_model(None, environ) is None
    (line,) = [str(warning.message) for warning in caught]
    assert "\n" not in line
    for words in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SUMMARIZER_MODEL", "built-in", 'model="builtin"'):
        assert words in line


async def test_address_alone_means_the_only_model_there(server: Server, request_: Request) -> None:
    server.models = CannedResponse(listing("the-one"))
    model = resolve_model(None, {"OPENAI_BASE_URL": server.url})
    assert isinstance(model, OpenAIModel)
    assert (server.requests, model.name) == ([], "default")
    await asyncio.gather(*(model.complete(request_) for _ in range(4)))
    await model.aclose()
    assert model.name == "the-one"
    assert b'"model":"the-one"' in server.completions[0].body
    assert len(server.requests) - len(server.completions) == 1


async def test_several_models_are_listed(server: Server, request_: Request) -> None:
    server.models = CannedResponse(listing(*(f"m{n}" for n in range(12))))
    model = OpenAIModel(None, base_url=server.url)
    with pytest.raises(ModelNotFound, match=r"12 models: m0, .*m9 and 2 more.*model=.*SUMMARIZER_MODEL"):
        await model.complete(request_)
    await model.aclose()
    assert server.completions == []


@pytest.mark.parametrize("body", [listing(), {"object": "list", "data": None}])
async def test_server_without_models_is_an_error(server: Server, request_: Request, body: object) -> None:
    server.models = CannedResponse(body)
    model = OpenAIModel(None, base_url=server.url)
    with pytest.raises(ModelNotFound, match="lists no model"):
        await model.complete(request_)
    await model.aclose()


async def test_server_without_a_model_list_is_an_error(server: Server, request_: Request) -> None:
    model = OpenAIModel(None, base_url=server.url)
    with pytest.raises(RequestRefused, match="404"):
        await model.complete(request_)
    await model.aclose()


async def test_models_returns_the_servers_list(server: Server, model: OpenAIModel) -> None:
    server.models = CannedResponse(listing("b", "a"))
    assert await model.models() == ("b", "a")


def test_object_that_does_not_derive_from_model_is_rejected() -> None:
    class Unrelated:
        name = "unrelated"

        async def complete(self, request: Request) -> None:
            pass

    with pytest.raises(ConfigurationError, match=r"Unrelated is not a model.*derived from summarizer\.models\.Model"):
        resolve_model(Unrelated())  # type: ignore[arg-type]


class EchoModel(Model):
    """A provider's model."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def complete(self, request: Request) -> Reply:
        return Reply(request.schema_name)


def nameless(_: str) -> Model:
    return EchoModel(None)  # type: ignore[arg-type]


class PatientModel(EchoModel):
    """A provider's model with its own retries."""

    has_retries = True


@pytest.fixture
def providers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a distribution with entry points."""
    info = tmp_path / "providers-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: providers\nVersion: 1.0\n")
    here = __name__
    (info / "entry_points.txt").write_text(
        f"[summarizer.models]\necho = {here}:EchoModel\npatient = {here}:PatientModel\n"
        f"text = builtins:str\nmissing = {here}:Nothing\n"
        f"odd = builtins:int\nnameless = {here}:nameless\n"
    )
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("providers")
async def test_provider_is_found_by_entry_point_and_gets_retries(request_: Request) -> None:
    model = resolve_model("echo:large:2", {})
    assert isinstance(model, RetryingModel)
    assert model.name == "large:2"
    assert (await model.complete(request_)).text == "extraction"
    assert model._dispatcher.limits == Limits()


@pytest.mark.usefixtures("providers")
def test_variable_can_name_a_provider() -> None:
    model = resolve_model(None, {"SUMMARIZER_MODEL": "echo:large"})
    assert model is not None
    assert model.name == "large"


@pytest.mark.usefixtures("providers")
def test_limits_apply_to_a_providers_model() -> None:
    model = resolve_model("echo:large", {}, requests_per_minute=7, tokens_per_minute=None)
    assert isinstance(model, RetryingModel)
    assert model._dispatcher.limits == Limits(requests_per_minute=7)
    with pytest.raises(ConfigurationError, match="'echo' has no option 'temperature'"):
        resolve_model("echo:large", {}, temperature=1)


@pytest.mark.usefixtures("providers")
def test_model_with_its_own_retries_is_not_wrapped() -> None:
    assert type(resolve_model("patient:large", {})).__name__ == "PatientModel"


@pytest.mark.usefixtures("providers")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("text:x", "returned a str instead of a Model"),
        ("missing:x", "'missing' cannot be loaded.*:Nothing"),
        ("odd:x", "'odd' cannot be loaded: ValueError: .*builtins:int"),
        ("nameless:x", "A EchoModel has no name"),
    ],
)
def test_broken_provider_is_named(name: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        resolve_model(name, {})


@pytest.mark.usefixtures("providers")
def test_name_with_a_colon_that_is_not_a_provider_is_a_model_at_the_server() -> None:
    model = resolve_model("qwen3:8b", {"OPENAI_BASE_URL": "http://localhost:1/v1"})
    assert repr(model) == "OpenAIModel('qwen3:8b', base_url='http://localhost:1/v1')"


def test_model_object_without_a_name_is_rejected() -> None:
    class Nameless(Model):
        async def complete(self, request: Request) -> Reply:
            return Reply(request.schema_name)

    with pytest.raises(ConfigurationError, match=r"A Nameless has no name\. Set its attribute name"):
        resolve_model(Nameless())
