"""What a process and the child that reads files for it say to each other: messages, each behind its length."""

import struct
from typing import IO

OUT_OF_MEMORY = 77  # the exit status of a child that needed more than it may have
_LENGTH = struct.Struct(">Q")


def took_longer(seconds: float) -> str:
    """What is said of a file that took all the time it may, behind its name."""
    return f"took longer than {seconds:g} s to read; split it, or save it anew"


def send(pipe: IO[bytes], message: bytes) -> None:
    """Writes a message, at once. Raises OSError where nobody reads any more."""
    for part in (_LENGTH.pack(len(message)), message):
        left = memoryview(part)
        while left:  # a pipe without a buffer (PYTHONUNBUFFERED) takes a part where a signal comes amid a write
            left = left[pipe.write(left) :]
    pipe.flush()


def receive(pipe: IO[bytes], longest: int) -> bytes:
    """The next message. Raises EOFError where there is none or only a part, ValueError where it is longer than
    ``longest`` bytes."""
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    if length > longest:
        raise ValueError(f"a message of {length} bytes, more than {longest}")
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    parts, left = [], length
    while left:
        part = pipe.read(left)
        if not part:
            raise EOFError
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
