"""Run the proof from the command line: ``python -m tests.proof``."""

import sys

from tests.proof.proof import main

sys.exit(main())
