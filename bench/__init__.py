"""Benchmarks on a large database; see README.md."""
