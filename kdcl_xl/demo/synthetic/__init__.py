"""A district that never was: schools, plans and planted faults, the same for the same seed."""
