"""Chat platforms, one folder each: verify and parse what comes in, render and send what goes out.

No rule of the shop is decided here.
"""
