"""A picture's pixels to PNG (ISO/IEC 15948)."""

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGB, _DEPTH = 2, 8
_UNFILTERED = b"\0"


def png(pixels: bytes | bytearray, width: int, height: int) -> bytes:
    """The file of a picture of three bytes a pixel, row by row from the top."""
    wide = width * 3
    rows = b"".join(_UNFILTERED + pixels[at : at + wide] for at in range(0, wide * height, wide))
    header = struct.pack(">IIBBBBB", width, height, _DEPTH, _RGB, 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 6)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
