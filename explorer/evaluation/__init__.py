"""The exam: how right a network is on scenes whose truth is known."""
