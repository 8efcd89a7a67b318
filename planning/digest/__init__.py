"""The weekly digest: what presses, by rules that somebody switched on, and who is told."""
