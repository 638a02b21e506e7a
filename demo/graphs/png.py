"""Pictures as CloudWatch draws them, in any size."""

import struct
import zlib

from slack_alerts.pictures.widget import SIZE


def png(width: int = SIZE[0], height: int = SIZE[1]) -> bytes:
    """Return a grey PNG."""
    rows = (b"\x00" + b"\x80" * width) * height
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in (*parts, (b"IEND", b"")))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
