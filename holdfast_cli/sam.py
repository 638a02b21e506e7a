"""The sam CLI of this checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAM = ROOT / ".tools/sam/bin/sam"


def override(name: str, value: str) -> str:
    """Return a parameter for sam, which separates parameters at spaces."""
    return f'{name}="{value}"' if " " in value else f"{name}={value}"
