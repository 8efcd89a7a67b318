"""Imports that run in the background: a queue in the database, and the worker that empties it."""
