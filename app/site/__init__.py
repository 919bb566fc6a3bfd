"""What belongs to no other room: home, guides, preferences, health, the documentation of the API."""
