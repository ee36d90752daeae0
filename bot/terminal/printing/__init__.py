"""An answer, figures or a list come in, and the lines that a terminal or a program reads of them go out."""
