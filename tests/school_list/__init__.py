"""Tests of the authority workbook and its decisions."""
