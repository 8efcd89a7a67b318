"""Indicators: dated definitions, the areas they count, and answers that name what they rest on."""
