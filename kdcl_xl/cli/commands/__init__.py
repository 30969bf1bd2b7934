"""The commands, each in a module of its name; see :mod:`kdcl_xl.cli.lazy`."""
