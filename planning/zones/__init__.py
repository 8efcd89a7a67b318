"""Boards, administrative units, zones and their boundary versions."""
