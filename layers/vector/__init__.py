"""Reading vector files, one module a format family. Only the sandboxed worker opens a file with these."""
