"""What a supplement label says about magnesium: the nutrient, the compound, or words that leave it open."""

from magnes.labels.read import Label as Label
from magnes.labels.read import Verdict as Verdict
from magnes.labels.read import read_label as read_label

__all__ = ["Label", "Verdict", "read_label"]
