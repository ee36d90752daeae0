"""A trained model as the text that ``retrieval.answering.trees`` reads, and no more of it."""

import lightgbm

_READ = ("split_feature=", "threshold=", "left_child=", "right_child=", "leaf_value=")


def shortened(model: lightgbm.Booster) -> str:
    """LightGBM's text of a model without the lines that are not read, its numbers rounded to seven digits: features
    are of single precision."""
    head, *blocks = str(model.model_to_string()).split("\nTree=")
    kept = [line for line in head.splitlines() if line.startswith("feature_names=")]
    for block in blocks:
        kept += [f"\nTree={block.partition(chr(10))[0]}", *map(_rounded, filter(_is_read, block.splitlines()))]
    return "\n".join(kept) + "\n"


def _is_read(line: str) -> bool:
    return line.startswith(_READ)


def _rounded(line: str) -> str:
    name, _, values = line.partition("=")
    return f"{name}={' '.join(f'{float(value):.7g}' for value in values.split())}"
