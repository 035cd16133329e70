"""Figures, not tests: `python -m tests.bench` measures this machine and writes docs/benchmarks.md."""
