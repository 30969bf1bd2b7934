"""The pure model of a district: schools, tasks, flags and levels, without any file."""
