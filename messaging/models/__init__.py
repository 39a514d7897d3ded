from messaging.models.inbound_mail import InboundMail, SentMail
from messaging.models.mailbox import Mailbox
from messaging.models.notice import Notice

__all__ = ["InboundMail", "Mailbox", "Notice", "SentMail"]
