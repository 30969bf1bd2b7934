"""Tests of the sample run and the synthetic district."""
