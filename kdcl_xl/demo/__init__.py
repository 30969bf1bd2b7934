"""The sample run, and a synthetic district with planted faults."""
