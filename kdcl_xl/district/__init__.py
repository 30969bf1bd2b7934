"""The district: a pure model of all submissions first, its workbook second."""
