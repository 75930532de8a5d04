"""An article and a request about it."""

import pytest

from summarizer.models import Message, Request


@pytest.fixture
def request_() -> Request:
    return Request((Message("system", "Find the positions."), Message("user", "[1] It rains.")), "extraction", {})
