"""Scanned sheets of plans and elevation models: registered, placed by control points, laid."""
