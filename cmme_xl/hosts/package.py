"""A zip file of which every byte follows from what is put in."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)
_FIRST = "[Content_Types].xml"


def write(path: Path, parts: Mapping[str, bytes]) -> None:
    """Write the parts to `path`, whole or not at all. Raises OSError where that cannot be done."""
    part = path.with_name(path.name + ".part")
    try:
        with zipfile.ZipFile(part, "w") as package:
            for name in sorted(parts, key=lambda name: (name != _FIRST, name)):
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.create_system = 0
                # stored: how well zlib packs differs from one version to the next
                package.writestr(entry, parts[name], zipfile.ZIP_STORED)
        part.replace(path)
    except OSError as error:
        # what cannot be written is the file that was wanted, not the passing one beside it
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        part.unlink(missing_ok=True)
