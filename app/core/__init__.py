"""What every room stands on: settings, database, web, errors, languages, clock, registry, Markdown."""
