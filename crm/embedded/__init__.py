"""PostgreSQL and Valkey from Python wheels, run as plain child processes.

Standard library only: the launcher imports this before anything is installed.
"""
