"""What a process costs, in processes of their own."""

import subprocess
import sys

import pytest

THREADS = """
import ctypes, os, threading
from bot.operation.machine import one_heap
{before}
libc = ctypes.CDLL(None)
def work(all_here=threading.Barrier(4)):
    bytearray(10_000)
    all_here.wait()  # else the next thread takes the heap of one that ended
threads = [threading.Thread(target=work) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="GNU's C library alone has several heaps")
def test_all_threads_allocate_from_one_heap() -> None:
    def heaps(before: str) -> int:
        command = [sys.executable, "-c", THREADS.format(before=before)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.count("<heap nr=")

    assert heaps("one_heap()") == 1 < heaps("")
