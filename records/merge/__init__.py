"""Two records of one kind become one: planned and previewed by the function that does it, as a batch, undone whole.

``kinds``: what a kind says of its fields; ``links``: every column that points at its records; ``plan``: what will stand
afterwards; ``run``: the merge; ``undo``: the way back; ``pairs``: who may be the same.
"""
