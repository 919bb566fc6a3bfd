"""Quizzes: picked or drawn items, one a page, a map, and a result with every reason."""
