"""HTML for people, one module a context; every page reads without a script."""
