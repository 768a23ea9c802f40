"""Make ``tests/reference/usual/lme4.csv`` again, with Rscript and lme4.

``PYTHONPATH=src:tests/cases python tests/peers/usual/make_lme4.py``
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from usual_days import REFERENCE, lme4_table


def rows(which: str, lam: str) -> list[str]:
    """Return what lme4 finds, without its time."""
    with tempfile.TemporaryDirectory() as folder:
        days = Path(folder) / "days.csv"
        lme4_table(which).write_csv(days)
        script = Path(__file__).with_name("lme4_fit.R")
        shown = subprocess.run(["Rscript", script, days, lam], check=True, capture_output=True, text=True).stdout
    return [f"{which},{lam},{line}" for line in shown.split()[1:] if not line.startswith("seconds")]


if __name__ == "__main__":
    found = [row for which in ("all", "unbalanced") for lam in ("0.27", "0", "free") for row in rows(which, lam)]
    (REFERENCE / "lme4.csv").write_text("\n".join(["days,lambda,name,value", *found]) + "\n", encoding="utf-8")
