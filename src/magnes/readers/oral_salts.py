"""Which salts people take: water and almonds belong in the diary, bath salts nowhere."""

from __future__ import annotations

from collections.abc import Callable

from magnes.knowledge.names import FOOD_SALTS, NOT_ORAL_SALTS, NearNameError, salt_names, salts_named

__all__ = ["check_salt"]

SALTS_SHOWN = 30


def check_salt(salt: str, add: Callable[..., None]) -> None:
    """Call ``add`` with code and facts of what is wrong with a salt as a supplement; of one that people take not."""
    try:
        family = salts_named(salt)[0].family
    except NearNameError as error:
        add("salt_unknown", found=salt, accepted=", ".join(salt_names()[:SALTS_SHOWN]), nearest=error.near)
        return
    if family in FOOD_SALTS:
        add("salt_is_food", found=salt)
    elif family in NOT_ORAL_SALTS:
        add("salt_not_oral", found=salt)
