"""Viva: a bank of interview questions on attention, each beside a computation the reader can change.

A room is a folder of this package. A room may import rooms below it; rooms joined by `|` never see each other.

    __main__
    cli | migrations
    serve | start             the server process; folder, lock, migration and banks before it
    main                      create_app(settings, clock): one line per room
    site                      home, guides, preferences, documentation of the API
    questions | quizzes       the bank as a learner sees it; picked or drawn items, answered one a page
    attempts                  the journal: starts, saves, clocks, closing, marking, what may be shown
    people | bank             learners, sessions, resume codes; what is asked: schema, files, checks, proofs, versions
    items                     item types: draw, read, mark, ask, explain; one safe language of formulas
    demos                     live demos and the engine's API
    figures                   heat-maps, legends, thumbnails, drawn once
    core                      settings db migrate web pages errors i18n clock registry limits static markdown maths
    attention | paths | version   NumPy only; folders; the distribution's version

`pyproject.toml` holds the same drawing as an import contract; a folder without a floor fails the checks.
"""
