"""AlexNet's colour shift, by hand."""

from __future__ import annotations

import numpy as np

from explorer.ops.colour import colour_shifts, principal_components, shifted


def test_one_direction_of_colour_is_the_first_component() -> None:
    along = np.array([0.0, 0.6, 0.8])
    amounts = np.linspace(-1, 1, 101)
    pictures = np.rint(128 + 100 * amounts[:, None, None, None] * along).astype(np.uint8)
    vectors, eigenvalues = principal_components(pictures)
    assert np.allclose(np.abs(vectors[:, 0]), along, atol=0.01)
    assert np.isclose(eigenvalues[0], np.var(100 * amounts) / 255**2, rtol=0.01) and (eigenvalues[1:] < 1e-4).all()


def test_amounts_move_whole_pictures_along_the_components_and_change_no_argument() -> None:
    pictures = np.full((2, 3, 4, 3), 100, np.uint8)
    pictures[1] = 250
    components = np.eye(3)[:, [1, 0, 2]], np.array([0.5, 0.2, 0.0])
    shifts = colour_shifts(components, np.array([[0.1, 0.0, 9.0], [0.2, -0.5, 0.0]]))
    assert shifts.tolist() == [[0, 13, 0], [-26, 26, 0]]
    moved = shifted(pictures, shifts)
    assert (moved[0] == [100, 113, 100]).all()
    assert (moved[1] == [250 - 26, 255, 250]).all()  # 250 + 26 is clipped
    assert (pictures[0] == 100).all() and moved.dtype == np.uint8
