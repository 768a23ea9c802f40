"""Food first: the smallest acceptable change of a person's own diary that closes the magnesium gap."""

from magnes.advice.foods.plan import plan_foods
from magnes.advice.foods.records import FoodMove, FoodOption, FoodPlan, FoodPlanRule

__all__ = ["FoodMove", "FoodOption", "FoodPlan", "FoodPlanRule", "plan_foods"]
