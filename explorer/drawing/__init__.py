"""Answers into charts and layers."""
