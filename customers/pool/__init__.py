"""The pages of the shared pool: its list, claiming, releasing, assigning, and the rules behind it."""
