"""Write a plan into a locked workbook: issue, stamp, seal and series."""
