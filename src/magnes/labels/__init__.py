"""What a supplement label says about magnesium: the nutrient, the compound, or words that leave it open."""

from magnes.labels.judge import DECIDED as DECIDED
from magnes.labels.judge import REASONS as REASONS
from magnes.labels.judge import Label as Label
from magnes.labels.judge import Verdict as Verdict
from magnes.labels.product import Product as Product
from magnes.labels.read import read_label as read_label

__all__ = ["DECIDED", "REASONS", "Label", "Product", "Verdict", "read_label"]
