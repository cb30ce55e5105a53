"""What tests share besides factories: real servers and browsers, and the whole stack on free ports."""
