"""A trained model as the text that ``retrieval.ranking.trees`` reads, and no more of it."""

import lightgbm

_READ = ("split_feature=", "threshold=", "left_child=", "right_child=", "leaf_value=")


def shortened(*models: lightgbm.Booster) -> str:
    """LightGBM's text of a model without the lines that are not read, its numbers rounded to seven digits: features
    are of single precision. Of several models over the same features, the trees of all, whose sum is their mean."""
    texts = [str(model.model_to_string()).split("\nTree=") for model in models]
    kept = [line for line in texts[0][0].splitlines() if line.startswith("feature_names=")]
    for number, block in enumerate(block for _, *blocks in texts for block in blocks):
        lines = filter(_is_read, block.splitlines())
        kept += [f"\nTree={number}", *(_rounded(line, len(models)) for line in lines)]
    return "\n".join(kept) + "\n"


def _is_read(line: str) -> bool:
    return line.startswith(_READ)


def _rounded(line: str, models: int) -> str:
    name, _, values = line.partition("=")
    share = models if name == "leaf_value" else 1
    return f"{name}={' '.join(f'{float(value) / share:.7g}' for value in values.split())}"
