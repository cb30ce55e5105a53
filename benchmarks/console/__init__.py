"""How the console's lists, search and order page behave in shops of very different sizes, and what a phone loads."""
