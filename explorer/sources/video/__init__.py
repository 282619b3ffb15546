"""Videos from anyone: told by their content, decoded in a process of their own, one upright RGB Frame after another."""
