"""An order's bill and its payment notification bill, as a page and as PDF, in Thai and English.

What stands on them is in document.py; page.py and pdf.py draw it, addresses.py is where customers open it.
"""
