"""The private PostGIS cluster: made, started, stopped, prepared and saved under the data directory.

It listens on loopback and a socket of its own, asks for passwords, keeps data checksums, and runs
as an ordinary system user even when root starts it. Nothing here ever signals, stops or writes
to a process or a directory that is not provably this cluster's.
"""
