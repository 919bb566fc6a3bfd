"""Live demos: attention computed on what a person types, as pages and as an API."""
