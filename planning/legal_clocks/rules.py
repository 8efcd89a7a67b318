"""What a clock's state means and asks for, on plain values."""

from typing import Final

STATES: Final = ("breached", "warning", "stopped", "extended", "running", "not_started", "ended")
"""From the one that presses most to the one that asks for nothing."""
CLOCKS: Final = ("idle", "schedule")
CAUSES: Final = ("force_majeure", "authority", "court")
OPEN: Final = ("breached", "warning", "stopped", "extended", "running")


def ticking(state: str) -> bool:
    """Whether the clock runs towards a breach, or has passed it."""
    return state in OPEN


def next_act(state: str, *, extended: bool, reminded: bool, parts_missing: int) -> str | None:
    """What comes next, and whose turn it is; None when nothing is asked of anybody.

    hand_over: the board owes land. remind, decide (extension or recovery), recover (the extension
    ran out, Land Law 2024 art. 81.8), resume (a stop without an end), watch.
    """
    if state == "not_started":
        return "hand_over" if parts_missing else None
    if state == "breached":
        return "recover" if extended else "decide"
    if state == "warning":
        return "watch" if reminded else "remind"
    return {"stopped": "resume", "extended": "watch", "running": "watch"}.get(state)
