"""Messages that people write to us: read, stored once, joined to a record or put into the tray."""
