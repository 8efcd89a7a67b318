"""The vocabulary of space: coordinate systems, geometry, coverages, files, tiles and maps.

Knows nothing of planning rules and nothing of the web.
"""
