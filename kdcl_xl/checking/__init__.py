"""Judge files: one or many, cached and packed; settings, reports and the rulebook."""
