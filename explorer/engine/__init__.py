"""Devices, weights, batching and caching: questions go in, answers come out."""
