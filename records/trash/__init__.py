"""The trash: what was deleted stays restorable for 30 days, with what hung on it, and then goes for good."""
