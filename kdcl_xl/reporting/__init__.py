"""Reports in every format: a command hands over a report, and one module writes one format."""
