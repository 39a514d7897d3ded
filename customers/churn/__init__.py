"""Customers that may leave: how a case is opened, put off, confirmed, won back; the rules and the pages."""
