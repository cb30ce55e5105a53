"""The ordering core: catalogue, cart, order, payment, slip, notice. It knows nothing of Rasa, Messenger or HTTP."""
