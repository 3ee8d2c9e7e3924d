"""The same content gives the same file: an Office package with fixed times throughout."""

import io
import re
import zipfile
from datetime import datetime

FIXED = (1980, 1, 1, 0, 0, 0)
CORE = "docProps/core.xml"
TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def settled(data: bytes, when: datetime) -> bytes:
    """The package with every time in it set to `when`, embedded workbooks included."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as found, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in found.namelist():
            content = found.read(name)
            if name.endswith(".xlsx"):
                content = settled(content, when)
            if name == CORE:
                content = TIMES.sub(rb"\g<1>" + when.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content)
            entry = zipfile.ZipInfo(name, FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            made.writestr(entry, content)
    return out.getvalue()
