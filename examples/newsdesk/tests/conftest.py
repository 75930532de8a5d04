"""Enable the library's plugin for recorded replies."""

pytest_plugins = ["summarizer.testing.plugin"]
