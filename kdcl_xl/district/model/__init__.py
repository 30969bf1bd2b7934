"""The model of a district, without any file.

:mod:`kdcl_xl.district.model.choose` decides which submission of a school counts;
:mod:`kdcl_xl.district.model.build` puts the submissions together.
"""
