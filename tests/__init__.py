"""The suite: unit, db, web, e2e, js, architecture, packaging."""
