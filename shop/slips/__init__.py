"""What a slip's picture can tell without a network."""
