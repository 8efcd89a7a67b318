"""Plans, their versions in force on ground and days, and their lots."""
