"""An invented district: schools, plans and planted faults, the same for the same seed."""
