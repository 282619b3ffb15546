"""Any Darknet network: its .cfg read, planned without a float, its .weights loaded, its heads decoded."""
