"""The bank as a learner sees it: the list, and one question beside its demo."""
