"""Compares ways to understand a message, inside the bot's environment: `.venv-bot/bin/python -m benchmarks.nlu`."""
