"""JSON for programs, one module a context; documented by itself in ``/api/v1/openapi.json``."""
