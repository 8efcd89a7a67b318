"""Reading vector files, one module a format family; only the sandboxed worker opens files."""
