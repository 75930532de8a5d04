"""The language-model engine: chunks, requests, replies, repairs."""
