"""Messages that we fetch ourselves, by IMAP. The server is a stranger: bounded in time, in bytes, in what it says."""
