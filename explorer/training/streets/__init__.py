"""Pictures of the drawn street to learn from."""
