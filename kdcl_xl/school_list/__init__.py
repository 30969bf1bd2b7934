"""Read a district's list of schools as offices write it, and account for every row of it."""
