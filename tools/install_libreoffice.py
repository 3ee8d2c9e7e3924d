"""Install LibreOffice Calc, its Python bridge, gnumeric, Chinese fonts and poppler on a Debian machine.

Only what is missing is installed, only as root; elsewhere the line to run is printed. A LibreOffice that is
already there is left alone, whatever its version. Where Debian's own release is older than WANTED, the
backports suite is added, its address and key taken from the sources this machine already trusts.

Exit status: 0 everything is there now, 1 something is still missing (the reason is printed).
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

APT = Path("/etc/apt")
ADDED = APT / "sources.list.d" / "cmme-xl-backports"
WANTED = (24, 8)
OFFICE = ["libreoffice-calc", "python3-uno"]
PICTURES = ["fonts-noto-cjk", "poppler-utils", "fontconfig"]
OTHERS = ["gnumeric"]
ELSEWHERE = "install LibreOffice Calc 24.8 or newer, gnumeric, a Chinese font, poppler"


def backports_list(text: str, codename: str) -> str | None:
    """The first `deb` line of a one-line-style source for the release `codename`, turned to its backports."""
    for line in text.splitlines():
        match = re.match(rf"(deb\s+(?:\[[^\]]*\]\s+)?(?!cdrom:)\S+)\s+{codename}\s+(\S.*)$", line.strip())
        if match:
            return f"{match[1]} {codename}-backports main\n"
    return None


def backports_stanza(text: str, codename: str) -> str | None:
    """The first enabled deb822 stanza for the release `codename`, turned to its backports."""
    for stanza in re.split(r"\n\s*\n", text):
        kept = "\n".join(line for line in stanza.splitlines() if line.strip() and not line.startswith("#"))
        fields = {m[1].lower(): m[2] for m in re.finditer(r"^([\w-]+):((?:.*)(?:\n[ \t].*)*)", kept, re.M)}
        enabled = fields.get("enabled", "yes").strip().lower() not in {"no", "false", "off", "0"}
        types, suites = fields.get("types", "").split(), fields.get("suites", "").split()
        if enabled and "deb" in types and codename in suites:
            fields |= {"types": " deb", "suites": f" {codename}-backports", "components": " main"}
            return "".join(f"{name.title()}:{value}\n" for name, value in fields.items())
    return None


def backports_source(apt: Path, codename: str) -> tuple[str, str] | None:
    """(file suffix, text) of a backports source derived from those under `apt`; None where none fits."""
    folder = apt / "sources.list.d"
    for path in [apt / "sources.list", *sorted(folder.glob("*.list")), *sorted(folder.glob("*.sources"))]:
        if path.is_file():
            derive = backports_stanza if path.suffix == ".sources" else backports_list
            if found := derive(path.read_text(encoding="utf-8", errors="replace"), codename):
                return (".sources" if path.suffix == ".sources" else ".list"), found
    return None


def apt_get(*words: str) -> bool:
    """Run apt-get, quietly and without questions; True when it succeeded."""
    command = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3", *words]
    print("  " + " ".join(["apt-get", *words]), flush=True)
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        print("\n".join(done.stdout.splitlines()[-15:]), flush=True)
    return done.returncode == 0


def candidate_version(suite: str | None = None) -> tuple[int, ...]:
    """The version of LibreOffice that apt would install, from `suite` if given: (7, 4); () for none."""
    target = ["-t", suite] if suite else []
    env = os.environ | {"LC_ALL": "C"}
    policy = ["apt-cache", *target, "policy", OFFICE[0]]
    shown = subprocess.run(policy, capture_output=True, text=True, env=env).stdout
    match = re.search(r"Candidate: (?:\d+:)?(\d+)\.(\d+)", shown)
    return (int(match[1]), int(match[2])) if match else ()


def install_office(codename: str) -> None:
    """Install LibreOffice: the release's own if new enough, else from backports, else the release's own."""
    if candidate_version() >= WANTED:
        apt_get("install", "--no-install-recommends", *OFFICE)
        return
    suite = f"{codename}-backports"
    if candidate_version(suite) < WANTED and (source := backports_source(APT, codename)):
        suffix, text = source
        added = ADDED.with_suffix(suffix)
        added.write_text("# added by cmme-xl for a recent LibreOffice\n" + text, encoding="utf-8")
        if not apt_get("update"):
            added.unlink()
            apt_get("update")
    target = ["-t", suite] if candidate_version(suite) >= WANTED else []
    apt_get("install", "--no-install-recommends", *target, *OFFICE)


def has_pictures() -> bool:
    """True where PDF pages can be turned into pictures and a Chinese font is known."""
    if not (shutil.which("pdftoppm") and shutil.which("fc-list")):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True).stdout.strip())


def missing() -> list[str]:
    """The packages that are not there yet."""
    return [
        *(OFFICE if not shutil.which("soffice") else ()),
        *(OTHERS if not shutil.which("ssconvert") else ()),
        *(PICTURES if not has_pictures() else ()),
    ]


def main() -> int:
    """Install what is missing."""
    absent = missing()
    if not absent:
        return 0
    release = Path("/etc/os-release")
    known = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', release.read_text(), re.M)) if release.is_file() else {}
    debian = known.get("ID") == "debian" and bool(shutil.which("apt-get"))
    if not (debian and os.geteuid() == 0):
        asked = f"run as root: apt-get install {' '.join(absent)}" if debian else ELSEWHERE
        print(f"Some programs of others are missing. To have their tests run, {asked}")
        return 1
    print(f"installing what the lanes lack: {' '.join(absent)}", flush=True)
    apt_get("update")
    if OFFICE[0] in absent:
        install_office(known.get("VERSION_CODENAME", ""))
    if others := [name for name in absent if name not in OFFICE]:
        apt_get("install", "--no-install-recommends", *others)
    return 1 if missing() else 0


if __name__ == "__main__":
    sys.exit(main())
