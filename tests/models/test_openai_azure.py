"""Models at Azure: address, key, deployments."""

import pytest

from summarizer.errors import AuthenticationFailed, ConfigurationError, ModelNotFound
from summarizer.models import OpenAIModel, Request

from .conftest import KEY, CannedResponse, Server, error

VERSION = "2024-10-21"


def resource(server: Server) -> str:
    return server.url.removesuffix("/v1")


async def test_request_has_deployment_key_and_version(server: Server, request_: Request) -> None:
    model = OpenAIModel("desk", base_url=resource(server), api_key=KEY, api_version=VERSION)
    assert (await model.complete(request_)).text == "done"
    await model.aclose()
    (received,) = server.requests
    assert received.path == f"/openai/deployments/desk/chat/completions?api-version={VERSION}"
    assert received.headers["api-key"] == KEY
    assert "authorization" not in received.headers


async def test_azure_variables_give_address_and_key(server: Server, request_: Request) -> None:
    environ = {"AZURE_OPENAI_ENDPOINT": resource(server) + "/", "AZURE_OPENAI_API_KEY": KEY, "OPENAI_API_KEY": "sk-no"}
    model = OpenAIModel("desk", api_version=VERSION, environ=environ)
    await model.complete(request_)
    await model.aclose()
    assert server.requests[0].headers["api-key"] == KEY
    assert server.requests[0].path.startswith("/openai/deployments/desk/")


async def test_entra_token_replaces_the_key(server: Server, request_: Request) -> None:
    environ = {"AZURE_OPENAI_AD_TOKEN": "entra-token"}
    model = OpenAIModel("desk", base_url=resource(server), api_version=VERSION, environ=environ)
    await model.complete(request_)
    await model.aclose()
    assert server.requests[0].headers["authorization"] == "Bearer entra-token"


async def test_missing_deployment_is_named_without_a_model_list(server: Server, request_: Request) -> None:
    server.set_responses(
        CannedResponse(error("The API deployment for this resource does not exist.", code="DeploymentNotFound"), 404)
    )
    model = OpenAIModel("desk", base_url=resource(server), api_key=KEY, api_version=VERSION)
    with pytest.raises(ModelNotFound, match='no deployment "desk"') as caught:
        await model.complete(request_)
    await model.aclose()
    assert "It lists" not in str(caught.value)
    assert len(server.requests) == 1


async def test_rejected_key_names_the_azure_variable(server: Server, request_: Request) -> None:
    server.set_responses(CannedResponse(error(f"Access denied for {KEY}"), 401))
    model = OpenAIModel("desk", base_url=resource(server), api_key=KEY, api_version=VERSION)
    with pytest.raises(AuthenticationFailed, match="AZURE_OPENAI_API_KEY") as caught:
        await model.complete(request_)
    await model.aclose()
    assert KEY not in str(caught.value)


def test_missing_key_address_or_name_is_an_error_at_once() -> None:
    with pytest.raises(AuthenticationFailed, match="AZURE_OPENAI_API_KEY"):
        OpenAIModel("desk", base_url="https://desk.openai.azure.com", api_version=VERSION, environ={})
    with pytest.raises(ConfigurationError, match="AZURE_OPENAI_ENDPOINT"):
        OpenAIModel("desk", api_key=KEY, api_version=VERSION, environ={})
    with pytest.raises(ConfigurationError, match="name of its deployment"):
        OpenAIModel(None, base_url="https://desk.openai.azure.com", api_key=KEY, api_version=VERSION)


def test_repr_shows_no_key_or_token() -> None:
    environ = {"AZURE_OPENAI_AD_TOKEN": "entra-token"}
    model = OpenAIModel("desk", base_url="https://desk.openai.azure.com", api_version=VERSION, environ=environ)
    assert "entra" not in repr(model) + repr(model.endpoint)
