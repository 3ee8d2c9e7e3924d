#!/bin/sh
# make_venv.sh FOLDER: a virtual environment made by the first Python of 3.11 or newer that is found ($PYTHON first).
set -eu
folder=$1

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

for python in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 none; do
    if new_enough "$python"; then break; fi
done
if [ "$python" = none ]; then
    echo "cmme-xl needs Python 3.11 or newer; found: $(python3 --version 2>&1 || true)" >&2
    echo "Install one, then: make PYTHON=/path/to/python3 <target>" >&2
    exit 1
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    package=python$version-venv
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "$python cannot make virtual environments. On Debian: sudo apt-get install $package" >&2
        exit 1
    fi
    echo "$python cannot make virtual environments: installing $package"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update
    apt-get -qq -y install "$package" >/dev/null
fi
"$python" -m venv --clear "$folder"
