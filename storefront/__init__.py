"""The shop's web store, as it opens inside Messenger: products, cart, order, address, slip, status.

Its addresses name and prove their customer (shop.store_links), so nobody signs in. Every rule is the shop's; the chat
learns what happened from shop.store_visits. The gateway's process serves it.
"""
