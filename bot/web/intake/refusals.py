"""What a request is told that gets nothing: a status, and why, by its name in the phrases of the web."""


class RefusedError(Exception):
    """``why`` names a phrase; ``wait`` is the seconds after which the same may be asked again."""

    def __init__(self, status: int, why: str, *, wait: int | None = None, **values: object) -> None:
        super().__init__(why)
        self.status, self.why, self.wait, self.values = status, why, wait, values


def not_found() -> RefusedError:
    """There is no such page, or no such document any more."""
    return RefusedError(404, "not_found")


def bad(why: str) -> RefusedError:
    """The request says nothing that could be answered."""
    return RefusedError(400, why)
