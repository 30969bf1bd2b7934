"""Mutants of the expression language and the rules, which the rows of the proof have to kill.

A mutant is the package with one small change in one half: in the functions that judge in Python,
or in those that write formulas. The proof is worth as much as the mutants that it kills.
"""
