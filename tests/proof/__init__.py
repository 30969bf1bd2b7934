"""The proof that the sheets and the checker give the same verdicts."""
