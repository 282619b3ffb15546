"""Slow loops written from the papers, to judge the ops by."""
