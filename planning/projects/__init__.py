"""Investment projects: kind, capital by currency, land, milestones, progress by date."""
