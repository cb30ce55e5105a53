"""What the bot does between hearing and answering: read the turn, ask the shop, say the answer. Words are in `domain/`."""
