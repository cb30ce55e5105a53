"""The seller's pages: orders, slips, confirming payments, what went wrong."""

from seller_console.app import create_app, run

__all__ = ["create_app", "run"]
