"""One file per tab, and the page around them."""
