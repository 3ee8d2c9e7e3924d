"""`python -m cmme_xl.hosts.job FILE.job`: one command of the command line, run for a ribbon that looks in now and then.

FILE.job holds the language and then the arguments, one a line, in UTF-8. What the command says goes to FILE.out; its
exit status, once it has ended, to FILE.done.
"""

import os
import subprocess
import sys
from pathlib import Path

REFUSED = 2


def run(job: Path) -> int:
    """Run the job and return the command's exit status."""
    lang, *arguments = job.read_text("utf-8-sig").splitlines()
    status = REFUSED
    environment = os.environ | {"CMME_LANG": lang, "PYTHONIOENCODING": "utf-8"}
    try:
        with job.with_suffix(".out").open("wb") as out:
            command = [sys.executable, "-P", "-m", "cmme_xl", *filter(None, arguments)]
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment)
            status = done.returncode
    finally:
        # whole or not there: the ribbon reads it as soon as it exists
        part = job.with_suffix(".part")
        part.write_text(str(status), "utf-8")
        part.replace(job.with_suffix(".done"))
    return status


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1])))
