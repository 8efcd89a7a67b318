"""Clearance: hand-overs of cleared land by minutes."""
