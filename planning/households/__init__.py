"""Households: people's personal data and what they are owed, behind a login of their own."""
