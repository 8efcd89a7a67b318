"""Adjustments: what replacing one plan version by another does to parcels, rights, projects and
figures, before anybody approves it.
"""
