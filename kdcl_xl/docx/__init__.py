"""Documents of Word (ECMA-376 WordprocessingML): a reader and a writer that know no form."""
