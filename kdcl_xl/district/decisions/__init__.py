"""Auditors' decisions, independent of any sheet.

:mod:`kdcl_xl.district.decisions.match` finds the finding of a decision again at the next
merge; :mod:`kdcl_xl.district.decisions.levels` combines the decisions of several authorities.
"""
