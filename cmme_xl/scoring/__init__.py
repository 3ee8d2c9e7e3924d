"""The arithmetic, once (scoring.md, all rules).

Standard library and the syntax of Python 3.9 only: it also runs inside LibreOffice's Python.
"""

from cmme_xl.scoring.agreement import Agreement, agenda, agreement
from cmme_xl.scoring.arithmetic import combine, gated_level, level, round_half_away, weighted_mean
from cmme_xl.scoring.gap import Gap, gaps
from cmme_xl.scoring.nouns import OUT_OF_SCOPE, Kind, Ladder, Node, Result, Rules, Scale, Vote
from cmme_xl.scoring.order import importance, priority
from cmme_xl.scoring.path import Path, Step, efficient_path
from cmme_xl.scoring.tree import score_tree

__all__ = [
    "OUT_OF_SCOPE",
    "Agreement",
    "Gap",
    "Kind",
    "Ladder",
    "Node",
    "Path",
    "Result",
    "Rules",
    "Scale",
    "Step",
    "Vote",
    "agenda",
    "agreement",
    "combine",
    "efficient_path",
    "gaps",
    "gated_level",
    "importance",
    "level",
    "priority",
    "round_half_away",
    "score_tree",
    "weighted_mean",
]
