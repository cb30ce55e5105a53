-- Rasa's conversations are kept apart from the shop's tables.
CREATE DATABASE rasa;
