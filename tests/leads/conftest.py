from tests.jobs.worker import worker

__all__ = ["worker"]
