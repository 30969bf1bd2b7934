"""A workbook of ours becomes a plan: identify, lay out, read, and look for tampering."""
