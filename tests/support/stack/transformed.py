"""Print the template as SAM transforms it, with only the required parameters, for the scanner of `make audit`."""

import json
import sys

from tests.support.stack.template import EMAIL, transformed

if __name__ == "__main__":
    json.dump(transformed(OpsEmail=EMAIL), sys.stdout, indent=1)
