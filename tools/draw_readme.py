"""Draw the pictures of the README from what is shipped: ``python tools/draw_readme.py``."""

from __future__ import annotations

from pathlib import Path

import magnes as mg
from magnes.advice.evidence import evidence
from magnes.examples import example_folder
from magnes.graph import why
from magnes.report.answers.forest import forest_svg
from magnes.report.answers.graph import graph_svg
from magnes.report.charts import intake_chart
from magnes.report.vega import to_svg

SEQN = 41483
OUT = Path(__file__).parents[1] / "docs" / "img"


def main() -> None:
    """Write intake by food, the way from magnesium to cramps, and what trials on cramps found, as SVG."""
    folder = Path(str(example_folder()))
    person = mg.read_person(folder / f"nhanes-{SEQN}.toml")
    diary = mg.read_diary(folder / f"nhanes-{SEQN}.csv")
    chart = intake_chart(mg.assess(person, diary, authority="iom-1997"), "en")
    if chart is None:
        raise SystemExit("nothing to draw")
    pictures = {
        "intake": to_svg(chart.spec),
        "why-cramps": graph_svg(why("cramps"), "en"),
        "evidence-cramps": forest_svg(evidence("cramps"), "en"),
    }
    for name, drawn in pictures.items():
        path = OUT / f"{name}.svg"
        path.write_text(drawn, encoding="utf-8")
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
