"""The command line: parses, calls, shows. The work itself is done by the functions it calls.

Exit status: 0 done; 1 done, with findings that need someone; 2 refused.
"""

from cmme_xl.cli.program import COMMANDS, main, parser_of

__all__ = ["COMMANDS", "main", "parser_of"]
