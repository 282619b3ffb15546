"""Recipes that made everything in assets/weights, and the core that runs them."""
