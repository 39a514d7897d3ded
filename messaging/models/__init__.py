from messaging.models.notice import Notice

__all__ = ["Notice"]
