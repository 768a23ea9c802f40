"""``magnes``: the group. A verb is imported when it is used, so that ``--help`` costs nothing."""

from __future__ import annotations

from importlib import import_module

import click

from magnes import __version__
from magnes.apps.cli.helptext import told

VERBS = (
    "assess",
    "plan",
    "fit",
    "simulate",
    "timetable",
    "check",
    "food",
    "medicine",
    "salt",
    "lab",
    "products",
    "why",
    "evidence",
    "claims",
    "cite",
    "body",
    "knowledge",
    "import",
    "survey",
    "usual",
    "scenario",
    "trial",
    "cohort",
    "serve",
    "about",
)


class Verbs(click.Group):
    """Commands by name; the list of them needs no import."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Verbs in the order in which people need them."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb's module and return its command."""
        del ctx
        if cmd_name not in VERBS:
            return None
        module = import_module(f"magnes.apps.cli.{cmd_name}_")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of verbs without importing them."""
        del ctx
        with formatter.section(told("commands")):
            formatter.write_dl([(verb, told(verb)) for verb in VERBS])


@click.command(
    cls=Verbs,
    name="magnes",
    help=told("magnes"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="magnes")
def cli() -> None:
    """Run one verb."""


def main() -> None:
    """Entry point of the console script."""
    cli(prog_name="magnes")
