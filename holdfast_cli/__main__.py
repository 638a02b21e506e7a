"""`python -m holdfast_cli`: the `holdfast` command."""

import sys

from holdfast_cli.app import main

if __name__ == "__main__":
    sys.exit(main())
