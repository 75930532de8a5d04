"""Models at OpenAI, at Azure, and at any server with their Chat Completions API.

This package is the only importer of openai, which the first request loads. `model` has the options and the address,
`capabilities` the request, `client` the connections, `completions` the reply, and `errors` the mapping of errors.
"""
