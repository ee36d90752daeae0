from retrieval.recent import Recent


def test_the_one_that_nobody_wanted_for_longest_goes_first() -> None:
    recent: Recent[int] = Recent(2)
    recent.keep("أ", 1)
    recent.keep("ب", 2)
    assert recent.get("أ") == 1
    recent.keep("ج", 3)
    assert [recent.get(key) for key in "أبج"] == [1, None, 3]


def test_what_is_let_go_is_gone() -> None:
    recent: Recent[int] = Recent(2)
    recent.keep("أ", 1)
    recent.clear()
    assert recent.get("أ") is None
