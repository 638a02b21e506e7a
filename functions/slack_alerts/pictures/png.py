"""Check that bytes are a PNG of the size that was asked for."""

import struct

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = struct.Struct(">8sI4sII")
"""Signature, then the first chunk: length, type, width, height."""
IHDR = (13, b"IHDR")
MOST_BYTES = 1_000_000
"""A graph of this size has some 30 KB."""


def png_problem(data: bytes, size: tuple[int, int]) -> str:
    """Return the rule that the bytes break; "" if they are a PNG of this width and height."""
    if len(data) > MOST_BYTES:
        return "too large"
    if len(data) < HEADER.size:
        return "no picture"
    signature, length, kind, width, height = HEADER.unpack_from(data)
    if signature != SIGNATURE or (length, kind) != IHDR:
        return "no picture"
    return "" if (width, height) == size else "another size"
