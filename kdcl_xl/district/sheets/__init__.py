"""The sheets of the authority workbook, one module each.

:mod:`kdcl_xl.district.sheets.order` has their order,
:mod:`kdcl_xl.district.sheets.declare` the form of a declaration.
"""
