"""These tests only read: they share one app."""

from tests.house.visitor import client, standing

__all__ = ["client", "standing"]
