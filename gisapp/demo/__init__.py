"""The demo board: real commune outlines, and inside them parks that are wholly invented and say so.

Deterministic and without network. Shapes are laid out on a metre lattice turned by the Pythagorean
angle of (24, 7, 25), so
that every vertex is a whole number of millimetres in the VN-2000 plane and every area has a closed
formula.
"""
