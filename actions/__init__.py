"""What the bot does between hearing and answering: read the turn, ask the shop, say the answer.

The words are in `domain/`, what leads to which action in `data/rules/`.
"""
