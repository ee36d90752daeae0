"""Numbers at the right end of a line, where it begins: read as numbers are, whatever stood before them."""

import pytest

from retrieval.documents.pdf.visual import kind, order


@pytest.mark.parametrize(
    ("seen", "read"),
    [
        ("وه 18%", "18% هو"),
        ("وه 962+", "+962 هو"),
        ("وه $1.76", "$1.76 هو"),
        ("وه 1.76$", "$1.76 هو"),
        ("وه 3-4%", "3-4% هو"),
        ("وه %4-3", "3-4% هو"),
        ("وه 2020-2024", "2020-2024 هو"),
        ("وه 2024-2020", "2020-2024 هو"),
        ("وه 06-5550199", "06-5550199 هو"),
        ("وه 5550199-06", "06-5550199 هو"),
        ("وه 12/5/2024", "12/5/2024 هو"),
        ("وه MC-21", "MC-21 هو"),
        ("%18 وه", "هو 18%"),
        ("5G ةكبش", "شبكة 5G"),
        ("3D هاقلت 10km", "10km تلقاه 3D"),
        ("Boeing 737 وه", "هو Boeing 737"),
    ],
)
def test_a_number_is_read_as_one(seen: str, read: str) -> None:
    kinds = "".join(map(kind, seen))
    assert "".join(seen[at] for at in order(list(seen), kinds, from_right=True)) == read
