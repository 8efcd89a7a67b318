"""The vocabulary of space: coordinate systems, geometry, files, tiles, rasters, maps."""
