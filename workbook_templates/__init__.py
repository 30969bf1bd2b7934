"""The declaration of the workbook: regulations, forms, sheets, columns, texts and styles.

Data and nothing but data. This package knows neither rules nor files in other
formats; it imports nothing from the other two packages.
"""
