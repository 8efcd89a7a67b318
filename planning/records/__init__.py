"""Documents, changes and what the register remembers of itself."""
