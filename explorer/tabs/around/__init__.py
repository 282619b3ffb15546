"""What stands around the tabs: sources, the page's address, how it opens, its look."""
