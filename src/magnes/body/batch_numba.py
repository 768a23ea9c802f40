"""The Numba engine of ``batch`` (being built)."""
from magnes.body.model import Mode
def is_worth_it(mode: Mode, rtol: float, person_days: float) -> bool:
    """No."""
    return False
class NumbaEngine:
    """Not yet."""
    def __init__(self, mode, rtol):
        raise NotImplementedError
