"""Resettlement areas, their plots, and when they are ready."""
