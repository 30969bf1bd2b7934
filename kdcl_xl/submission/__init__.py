"""Read a returned workbook into a plan: identify it, find its layout, and report tampering."""
