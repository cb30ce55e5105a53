"""The seller's pages: orders, slips, confirming payments, what went wrong."""
