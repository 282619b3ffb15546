"""One file per benchmark, each a ratio against a named reference measured in the same run."""
