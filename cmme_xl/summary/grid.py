"""The calculation's grid, under the name the sheets know it by."""

from cmme_xl.calculation.grid import *  # noqa: F403
