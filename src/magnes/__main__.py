"""``python -m magnes``."""

from magnes.apps.cli.main import main

if __name__ == "__main__":
    main()
