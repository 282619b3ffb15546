"""Questions and answers: frozen records of NumPy arrays, one file per kind."""
