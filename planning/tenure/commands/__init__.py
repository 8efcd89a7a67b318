"""Writing verbs of the tenure context: register parties; grant, amend, end and correct rights."""

from planning.tenure.commands.changing import amend_right, correct_right, end_right
from planning.tenure.commands.granting import NewRight, grant_right, grant_rights
from planning.tenure.commands.letting import Grant, Granted, let
from planning.tenure.commands.living import (
    cancel,
    change_terms,
    hand_on,
    prolong,
    stop,
    stop_part,
)
from planning.tenure.commands.parties import (
    NewParty,
    correct_name,
    register_parties,
    register_party,
    rename_party,
)
from planning.tenure.commands.reserving import reserve

__all__ = [
    "Grant",
    "Granted",
    "NewParty",
    "NewRight",
    "amend_right",
    "cancel",
    "change_terms",
    "correct_name",
    "correct_right",
    "end_right",
    "grant_right",
    "grant_rights",
    "hand_on",
    "let",
    "prolong",
    "register_parties",
    "register_party",
    "rename_party",
    "reserve",
    "stop",
    "stop_part",
]
