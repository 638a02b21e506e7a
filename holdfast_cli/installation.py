"""The files of this installation: a checkout, or a wheel that carries them."""

from pathlib import Path

RELEASE = Path(__file__).resolve().parent / "release"
"""In the wheel: the packaged template, its code and the sample events. A checkout does not have it."""
IS_CHECKOUT = not RELEASE.exists()
FILES = RELEASE if not IS_CHECKOUT else RELEASE.parent.parent
TEMPLATE = RELEASE / "template.json"
