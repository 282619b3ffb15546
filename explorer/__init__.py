"""Fovea: a visual explorer of convolutional vision."""
