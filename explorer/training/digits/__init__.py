"""Handwritten digits drawn from pen strokes, with the ways people write them."""
