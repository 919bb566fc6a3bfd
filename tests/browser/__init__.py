"""Tests that drive a real Chromium against a real server; a package, so that both stop when its last test ends."""
