"""Figures as reports print them: recorded beside the register's own, never in place of them."""
