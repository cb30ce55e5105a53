"""A local Messenger: Graph API emulator, webhook sender and a chat page for the browser.

It stands in for Meta in development, tests and benchmarks, and imports nothing of the product.
"""
