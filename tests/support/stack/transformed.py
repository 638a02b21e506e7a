"""The template as SAM transforms it, with the parameters that one gives at least: for the scanners of `make audit`."""

import json
import sys

from tests.support.stack.template import EMAIL, transformed

if __name__ == "__main__":
    json.dump(transformed(OpsEmail=EMAIL), sys.stdout, indent=1)
