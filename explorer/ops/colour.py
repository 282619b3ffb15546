"""Colour shifts along pictures' own directions; Krizhevsky, Sutskever, Hinton, NIPS 2012, section 4.1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Components = tuple[NDArray[np.float64], NDArray[np.float64]]


def principal_components(pictures: NDArray[np.uint8]) -> Components:
    """Eigenvectors (3, 3), one a column, and eigenvalues (3,) of the covariance of RGB values in [0, 1], largest first.

    pictures: uint8 (..., 3), at least one pixel.
    """
    values = pictures.reshape(-1, 3).astype(np.float64) / 255
    values -= values.mean(axis=0)
    eigenvalues, vectors = np.linalg.eigh(values.T @ values / len(values))
    return vectors[:, ::-1], np.maximum(eigenvalues[::-1], 0.0)


def colour_shifts(components: Components, amounts: NDArray[np.float64]) -> NDArray[np.int64]:
    """Int64 (n, 3), of 255: the sum of amount x eigenvalue x eigenvector over the three components.

    amounts: (n, 3); the paper draws them from N(0, 0.1), once a picture.
    """
    vectors, eigenvalues = components
    return np.rint(255 * (amounts * eigenvalues) @ vectors.T).astype(np.int64)


def shifted(pictures: NDArray[np.uint8], shifts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Pictures uint8 (n, h, w, 3), each with its colour of `shifts` (n, 3) added to all its pixels."""
    moved = pictures.astype(np.int16) + shifts.astype(np.int16)[:, None, None, :]
    return np.asarray(np.clip(moved, 0, 255), np.uint8)
