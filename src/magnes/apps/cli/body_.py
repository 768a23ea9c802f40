"""``magnes body``: the model itself, as a picture, as tables, and for other programs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from magnes.apps.cli.common import json_option, language_option, refuse_blank, reports_problems, write_file, writing
from magnes.apps.cli.helptext import told
from magnes.text import Language, translate

MODE = click.Choice(["daily", "meals"])


@click.group("body", help=told("body"))
def command() -> None:
    """Draw, list or export."""


@command.command("diagram", help=told("body_diagram"))
@click.option("--mode", type=MODE, default="meals", show_default=True, help=told("mode"))
@click.option("--out", metavar="OUT.svg", help=told("body_out"))
@language_option
@reports_problems
def diagram(mode: str, out: str | None, language: Language) -> None:
    """Write the picture as SVG."""
    from magnes.body.model import DAILY, MEALS
    from magnes.report.body_diagram import body_svg

    refuse_blank(out=out)
    _give(body_svg(language, MEALS if mode == "meals" else DAILY), out, language)


@command.command("table", help=told("body_table"))
@json_option
@language_option
@reports_problems
def table_(as_json: bool, language: Language) -> None:
    """Print pools, flows, signals and parameters."""
    from magnes.report.body_table import body_lines, body_records

    if as_json:
        click.echo(json.dumps(body_records(language), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(body_lines(language)))


@command.command("export", help=told("body_export"))
@click.option("--mode", type=MODE, default="daily", show_default=True, help=told("mode"))
@click.option("--sbml", "as_sbml", is_flag=True, help=told("sbml"))
@click.option("--out", metavar="FILE", help=told("body_out"))
@language_option
@reports_problems
def export_(mode: str, as_sbml: bool, out: str | None, language: Language) -> None:
    """Write the reference adult at rest as Antimony text or SBML."""
    from magnes.body.export import antimony, sbml
    from magnes.body.model import DAILY, MEALS
    from magnes.body.resting import reference_body

    refuse_blank(out=out)
    write = sbml if as_sbml else antimony
    _give(write(MEALS if mode == "meals" else DAILY, *reference_body()), out, language)


@command.command("petab", help=told("body_petab"))
@click.argument("folder", metavar="OUT_FOLDER")
@language_option
@reports_problems
def petab(folder: str, language: Language) -> None:
    """Write the calibration as a PEtab problem."""
    from magnes.body.petab import write

    refuse_blank(OUT_FOLDER=folder)
    with writing(folder):
        measured, out = write(Path(folder))
    click.echo(translate("body.petab", language, path=folder, measured=measured, out=out))


def _give(text: str, out: str | None, language: Language) -> None:
    """Write to a file and say so, or print."""
    if out is None:
        click.echo(text, nl=False)
        return
    write_file(out, text)
    click.echo(translate("body.written", language, path=out))
