"""What the bot's model is made of, and making it: sources, names of the shop's goods, what trainers taught.

Rasa itself runs in its own environment (bot/); here it is started and waited for.
"""
