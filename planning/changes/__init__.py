"""Changes of the register that touch several contexts at once: imports, and later editing."""
