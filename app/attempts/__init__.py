"""The journal under every way of answering: what was asked, what was saved, when, and what it earned."""
