"""`python -m app` is the command `viva`."""

from app.cli import main

main()
