"""What stands still: sky, buildings, greenery, ground and water."""
