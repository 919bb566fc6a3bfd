"""Alembic revisions, reached by path."""
