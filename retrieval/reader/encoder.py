"""The two networks, run by onnxruntime: one makes vectors of questions and sentences, the other reads them together.

Both are the encoder of multilingual-e5-small (Wang et al., 2024), trained further for this work;
``weights/weights.toml`` says from what. They point at sentences and words that stand there; they write nothing. Safe to
use from many threads, each of which takes a core.

Rows are run one by one: their numbers are rounded by the largest of a run, so that in company a row would say something
else than alone, and on one core a run of many takes longer than they do one after the other.
"""

import os
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from mmap import ACCESS_READ, mmap
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ReaderError
from retrieval.model import Span
from retrieval.reader import windows
from retrieval.reader.pieces import Pieces
from retrieval.reader.windows import Row
from retrieval.reader.words import Worded, worded

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Floats = NDArray[np.float32]

SIZE = 384
"""Numbers of a vector."""
_WEIGHTS = Path(__file__).parent / "weights"
_RECKONED = "exact"  # to be changed with what changes the numbers of the same weights
_loading = Lock()
_READER = "reader.onnx"
_VECTORS = "vectors.onnx"  # where the reader's file takes its tensors that are the same in both


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences of one passage to be read, by their numbers."""

    title: str
    sentences: Sequence[str]
    numbers: range


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader says of a window. ``scores``: of each sentence, the logarithm of how much likelier it is that it
    answers than that nothing does. ``words``: of each sentence, its words with how likely each is of the answer."""

    scores: tuple[float, ...]
    words: tuple[tuple[tuple[Span, float], ...], ...]


class Networks:
    """The networks, each loaded when it is first used. Raises ReaderError where it cannot be."""

    def __init__(self, threads: int = 1, weights: Path = _WEIGHTS) -> None:
        """``threads``: on how many cores one question is worked out. ``weights``: the folder that holds their files."""
        self._threads, self._weights = threads, weights

    @property
    def name(self) -> str:
        """A digest of the weights that make vectors and of how they are reckoned: vectors of others are of no use to
        these."""
        return sha256(f"{self._digests[_VECTORS]} {_RECKONED}".encode()).hexdigest()[:16]

    def load(self) -> None:
        """Loads both now, side by side. Raises ReaderError."""
        with ThreadPoolExecutor(2, thread_name_prefix="load") as pool:
            loading = [pool.submit(getattr, self, name) for name in ("_vectors", "_reader")]
            _ = self._prefixes
            for one in loading:
                one.result()

    def question(self, text: str) -> Floats:
        """The vector of a question, of length 1."""
        vector: Floats = self._vectors_of(windows.asked(self._prefixes[0], self._pieces.of(text)), range(1))[0]
        return vector

    def passage(self, title: str, sentences: Sequence[str]) -> Floats:
        """The vectors of a passage's sentences, a row each, of length 1; zeros for one that has no piece."""
        told, pieces = self._pieces.of(title), [self._pieces.of(sentence) for sentence in sentences]
        found = [
            self._vectors_of(windows.told(self._prefixes[1], told, pieces, window), window)
            for window in windows.windows(pieces)
        ]
        return np.concatenate(found)

    def windows(self, sentences: Sequence[str]) -> list[range]:
        """The windows in which a passage's sentences are read, by their numbers."""
        return windows.windows([self._pieces.of(sentence) for sentence in sentences])

    def read(self, question: str, wanted: Sequence[Window]) -> list[Reading]:
        """Reads windows with a question in view."""
        asked = self._pieces.of(question)
        return [self._reading(asked, window) for window in wanted]

    def _reading(self, asked: Sequence[int], window: Window) -> Reading:
        held = [worded(self._pieces, sentence) for sentence in window.sentences]
        told = self._pieces.of(window.title)
        row = windows.read(asked, told, [sentence.pieces for sentence in held], window.numbers)
        part = np.array([row.parts], dtype=np.int64)
        scores, (pieces,) = self._reader.run(None, {**_given(row, window.numbers), "part": part})
        words = (_words(row, pieces, number, held[number]) for number in window.numbers)
        return Reading(tuple(map(float, scores)), tuple(words))

    def _vectors_of(self, row: Row, numbers: range) -> Floats:
        """The vectors of a row's sentences, those of these numbers."""
        vectors: Floats = self._vectors.run(None, _given(row, numbers))[0]
        return vectors

    @cached_property
    def _pieces(self) -> Pieces:
        return Pieces.read(self._checked("pieces.txt").read_bytes().decode())

    @cached_property
    def _prefixes(self) -> tuple[list[int], list[int]]:
        colon = self._pieces.of(":")[-1:]
        return self._pieces.of("query:"), [*self._pieces.of("passage:"), *colon]

    @cached_property
    def _vectors(self) -> "InferenceSession":
        return self._session(_VECTORS, self._of_both)

    @cached_property
    def _reader(self) -> "InferenceSession":
        _ = self._of_both
        return self._session(_READER, self._checked(_READER))

    @cached_property
    def _of_both(self) -> Path:
        """The file of one network from which that of the other takes what both have."""
        return self._checked(_VECTORS)

    def _session(self, name: str, path: Path) -> "InferenceSession":
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # else it puts an id into the home folder, and tells its maker of us
        try:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = self._threads
            options.inter_op_num_threads = 1
            # Else, on processors without VNNI, sums of two products of eight bits are cut off at sixteen, and what the
            # networks say is another thing on each: onnxruntime's guide to quantization, "When and why do I need U8U8?"
            options.add_session_config_entry("session.x64quantprecision", "1")
            options.enable_cpu_mem_arena = False  # what one long passage took would be held for good
            # By its path: of a network that is handed over as bytes, two copies stay in memory.
            return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except (ImportError, AttributeError) as error:  # AttributeError: what is left of an installation
            raise ReaderError(f"onnxruntime cannot be loaded ({error}); install iqtibas again") from None
        except Exception as error:  # onnxruntime's own have no base but this
            why = str(error).partition("\n")[0]
            raise ReaderError(f"onnxruntime cannot run the reader's {name} ({why}); install iqtibas again") from None

    @cached_property
    def _digests(self) -> dict[str, str]:
        """The digest of each file of the weights that was measured, by its name."""
        try:
            said = tomllib.loads((self._weights / "weights.toml").read_text("utf-8"))
            return {name: str(of_file["sha256"]) for name, of_file in said.items() if "sha256" in of_file}
        except (ValueError, TypeError, KeyError):
            raise _damaged("weights.toml") from None
        except OSError as error:
            raise _out_of_reach("weights.toml", error) from None

    def _checked(self, name: str) -> Path:
        """A file of the weights. Raises ReaderError where it is not there or not the one that was measured."""
        path = self._weights / name
        try:
            # In one go: piece by piece, each would wait for what Python does beside.
            with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
                digest = sha256(content).hexdigest()
        except OSError as error:
            raise _out_of_reach(name, error) from None
        except ValueError:  # it is empty
            raise _damaged(name) from None
        if digest != self._digests.get(name):
            raise _damaged(name)
        return path


def networks(threads: int = 1) -> Networks:
    """The networks that the project ships, loaded once for all that ask for so many threads. Raises ReaderError."""
    with _loading:
        return _networks(threads)


@cache
def _networks(threads: int) -> Networks:
    found = Networks(threads)
    found.load()
    return found


def load_ahead(threads: int) -> None:
    """Begins to load the networks, while the caller does what comes before they are asked for."""
    Thread(target=networks_or_why, args=(threads,), name="load").start()


def _out_of_reach(name: str, error: OSError) -> ReaderError:
    return ReaderError(f"the reader's {name} cannot be read ({error.strerror}); install iqtibas again")


def networks_or_why(threads: int) -> tuple[Networks | None, str]:
    """The networks; or why they cannot be loaded."""
    try:
        return networks(threads), ""
    except ReaderError as error:
        return None, str(error)


def _damaged(name: str) -> ReaderError:
    return ReaderError(f"the reader's {name} is damaged; install iqtibas again")


def _given(row: Row, numbers: range) -> dict[str, NDArray[Any]]:
    """A row as the networks take it, and what takes the mean of each of its sentences, those of these numbers."""
    pool = (np.array(row.sentence) == np.array(numbers)[:, None]).astype(np.float32)
    pool /= np.maximum(pool.sum(axis=1, keepdims=True), 1)  # a sentence may have no piece
    return {
        "ids": np.array([row.ids], dtype=np.int64),
        "lengths": np.array([len(row.ids)], dtype=np.int64),
        "pool": pool,
    }


def _words(row: Row, pieces: Floats, number: int, sentence: Worded) -> tuple[tuple[Span, float], ...]:
    """The words of a sentence that were read, each with the likeliest of its pieces."""
    first = row.sentence.index(number) + 1  # after what parts it from the one before
    scores = pieces[first : first + windows.SENTENCE]
    return tuple(
        (span, float(scores[start:end].max())) for span, start, end in sentence.words if start < end <= len(scores)
    )
