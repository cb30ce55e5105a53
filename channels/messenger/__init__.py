"""Meta's Messenger Platform: webhook in, Send API out.

Rules taken from Meta's documents are marked "Messenger Platform: ..." where they are applied.
"""
