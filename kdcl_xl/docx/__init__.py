"""Word documents (.docx) in and out; knows no form."""
