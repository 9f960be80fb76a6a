"""클레임: cancels, returns and exchanges as the channels tell them."""
