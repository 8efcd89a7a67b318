"""Land and planning rules in their own words: zones, plans, parcels and what happens to them."""
