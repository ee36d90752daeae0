"""An answer comes in, and what a reader sees of it goes out: cards, buttons, pages, JSON; it knows no face."""
