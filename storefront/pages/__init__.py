"""The store's pages by topic. Each module lists its `ROUTES`: method, path after the token, handler."""
