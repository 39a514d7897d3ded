"""Pages on which the company's settings and choice lists are edited, and the hub that leads to all of them."""
