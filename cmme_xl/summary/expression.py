"""The calculation's expression, under the name the sheets know it by."""

from cmme_xl.calculation.expression import *  # noqa: F403
