"""The hidden records of an authority workbook, and reading such a workbook back.

Two very hidden sheets: the decisions with marks of the tool's own texts
(:mod:`kdcl_xl.district.hidden.decisions`), and the inputs as they were read
(:mod:`kdcl_xl.district.hidden.sources`).
"""
