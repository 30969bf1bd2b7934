"""The official document of a plan as a Word file, from the form's own print declarations."""
