"""Every limit of Messenger's messages and profile, in one place (Messenger Platform: each kind's reference).

Lengths are counted as `text.length` counts, in UTF-16 units: Meta does not say whether an emoji is one
character or two, so it is taken as two.
"""

TEXT = 1900  # "less than 2000 characters"; the distance is for what Meta may count differently
METADATA = 999  # "less than 1000"
PAYLOAD = 1000
TAP_TITLE = 20  # buttons and quick replies

QUICK_REPLIES = 13

BUTTONS = 3  # of a button template and of one element
BUTTON_TEXT = 640

ELEMENTS = 10  # of a generic template
CARD_LINE = 80  # an element's title and its subtitle

RECEIPT_LINES = 100

GREETING = 160
MENU_ITEMS = 20
MENU_TITLE = 30
DOMAINS = 50
