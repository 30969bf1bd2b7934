"""``python -m kdcl_xl`` is the command ``kdcl-xl``."""

from kdcl_xl.cli import main

if __name__ == "__main__":
    main(prog_name="kdcl-xl")
