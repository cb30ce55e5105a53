"""One module with one blueprint per menu entry."""
