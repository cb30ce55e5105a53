"""Services that look a slip's transfer up at the bank: one small module for each, behind one interface."""
