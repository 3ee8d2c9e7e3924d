"""The calculation's engine, under the name the sheets know it by."""

from cmme_xl.calculation.engine import *  # noqa: F403
