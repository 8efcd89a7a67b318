"""Parcels: a coverage kept whole, with lineage."""
