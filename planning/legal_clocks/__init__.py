"""Legal clocks of projects: idle land and missed schedules, fairly counted, with their evidence."""
