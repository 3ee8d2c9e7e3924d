"""`python -m cmme_xl`: the same program as `cmme-xl`."""

from cmme_xl.cli import main

if __name__ == "__main__":
    main()
