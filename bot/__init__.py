"""What runs inside Rasa (Python 3.10): the door to the gateway, one customer turn, the store of conversations,
the words of Thai and English. Imports nothing else of Talad; Rasa loads it by the names in `config.yml`,
`endpoints.yml` and `credentials.yml`, and `python -m bot.run` starts the server.
"""
