"""Scanned sheets and elevation models: read in the sandbox, placed by points, cut in tiles."""
