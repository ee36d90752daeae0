"""Messages between processes: whole, however the pipe parts them."""

import io
import os
import threading

import pytest

from retrieval.documents.apart.frames import receive, send

MESSAGE = "رسالة طويلة ".encode() * 50_000


class _TakesLittle(io.RawIOBase):
    """A pipe that takes a part of what is written, as one without a buffer does where a signal comes."""

    def __init__(self) -> None:
        self.taken = b""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(memoryview(data)[:4096])  # type: ignore[arg-type]
        self.taken += part
        return len(part)


def test_what_a_pipe_takes_in_parts_arrives_whole() -> None:
    pipe = _TakesLittle()
    send(pipe, MESSAGE)  # type: ignore[arg-type]
    assert receive(io.BytesIO(pipe.taken), len(MESSAGE)) == MESSAGE


def test_what_a_pipe_without_a_buffer_gives_in_parts_arrives_whole() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", buffering=0) as pipe, os.fdopen(writing, "wb", buffering=0) as other:
        thread = threading.Thread(target=send, args=(other, MESSAGE))
        thread.start()
        assert receive(pipe, len(MESSAGE)) == MESSAGE
        thread.join()


@pytest.mark.parametrize("kept", [0, 5, 8, 100])
def test_a_message_that_is_cut_off_is_none(kept: int) -> None:
    pipe = io.BytesIO()
    send(pipe, MESSAGE)
    with pytest.raises(EOFError):
        receive(io.BytesIO(pipe.getvalue()[:kept]), len(MESSAGE))


def test_a_message_that_is_too_long_is_not_read() -> None:
    pipe = io.BytesIO()
    send(pipe, MESSAGE)
    with pytest.raises(ValueError, match="more than 9"):
        receive(io.BytesIO(pipe.getvalue()), 9)
