"""One file a family of demos; drop one here and it is in the gallery, the API and the tests."""
