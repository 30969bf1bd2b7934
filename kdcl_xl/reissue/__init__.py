"""Write a returned workbook afresh: the feedback copy and the migrated workbook."""
