"""Writing verbs of the tenure context: register parties; grant, amend, end and correct rights."""

from planning.tenure.commands.changing import amend_right, correct_right, end_right
from planning.tenure.commands.granting import NewRight, grant_right, grant_rights
from planning.tenure.commands.parties import (
    NewParty,
    register_parties,
    register_party,
    rename_party,
)
from planning.tenure.commands.reserving import reserve

__all__ = [
    "NewParty",
    "NewRight",
    "amend_right",
    "correct_right",
    "end_right",
    "grant_right",
    "grant_rights",
    "register_parties",
    "register_party",
    "rename_party",
    "reserve",
]
