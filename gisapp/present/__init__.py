"""How values look to people: numbers, areas, dates, lists, the frame around every page."""
