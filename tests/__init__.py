"""Tests; a package, so that modules can import helpers of others."""
