"""Draw the picture of the README from a shipped participant: ``python tools/draw_readme.py``."""

from __future__ import annotations

from pathlib import Path

import magnes as mg
from magnes.examples import example_folder
from magnes.report.charts import intake_chart
from magnes.report.vega import to_svg

SEQN = 41483
OUT = Path(__file__).parents[1] / "docs" / "img" / "intake.svg"


def main() -> None:
    """Write the chart of intake by food as SVG."""
    folder = Path(str(example_folder()))
    person = mg.read_person(folder / f"nhanes-{SEQN}.toml")
    diary = mg.read_diary(folder / f"nhanes-{SEQN}.csv")
    chart = intake_chart(mg.assess(person, diary, authority="iom-1997"), "en")
    if chart is None:
        raise SystemExit("nothing to draw")
    OUT.write_text(to_svg(chart.spec), encoding="utf-8")
    print(OUT.name, OUT.stat().st_size)


if __name__ == "__main__":
    main()
