"""Big proofs, run by hand: races, kills and sweeps at a size that the test suite has no time for.

Each says what it did in figures, which go into docs/measures.md, and fails with a sentence when something did not hold.
"""
