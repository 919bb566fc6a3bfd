"""Learners, their sessions and resume codes, and the throttle of guesses."""
