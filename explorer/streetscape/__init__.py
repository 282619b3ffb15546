"""Fovea's own world: a street scene from a seed, with exact truth."""
