"""Measurements: ratios in one run against a peer or the raw database, held to a goal."""
