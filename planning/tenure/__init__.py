"""Parties and land rights: State allocation and lease, sub-lease, reservation."""
