"""A morning digest of a folder of articles."""
