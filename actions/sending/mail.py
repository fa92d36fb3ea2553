"""E-mail by SMTP (RFC 5321), one connection for each message."""

from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from actions.sending.parcels import NotSent, Parcel, Send

TIMEOUT_SECONDS: Final = 10.0
PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class Post:
    """Where mail is handed in, and whose it is."""

    scheme: str
    host: str
    port: int
    username: str | None
    password: str | None
    sender: str

    @classmethod
    def of(cls, url: str, sender: str) -> "Post":
        """From `smtps://user:password@host:port`, `smtp+starttls://…` or plain `smtp://…`.

        Raises ValueError for anything else, or without an address to send from.
        """
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError(f"the mail server is given as {', '.join(f'{scheme}://host' for scheme in PORTS)}")
        if "@" not in sender:
            raise ValueError("mail needs an address that it is sent from")
        username, password = (unquote(part) if part else None for part in (parts.username, parts.password))
        return cls(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme], username, password, sender)


def message_of(parcel: Parcel, sender: str, now: datetime) -> EmailMessage:
    """The message, with an id that does not change. Raises NotSent for what could smuggle headers in."""
    if any(character in field for field in (parcel.to, parcel.subject) for character in "\r\n\0"):
        raise NotSent("A line break in a header.", finally_=True)
    message = EmailMessage()
    try:
        message["From"] = sender
        message["To"] = Address(addr_spec=parcel.to)
        message["Subject"] = parcel.subject
    except (MessageError, ValueError, IndexError):
        raise NotSent("This is no e-mail address.", finally_=True) from None
    message["Message-ID"] = f"<{parcel.id}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Date"] = format_datetime(now)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: or two machines answer each other for ever
    message.set_content(parcel.body)
    return message


def mail(post: Post) -> Send:
    """Sends e-mail. What the server refuses for good (5xx) is not tried again; all else is."""

    async def send(parcel: Parcel, now: datetime) -> None:
        message = message_of(parcel, post.sender, now)
        try:
            await aiosmtplib.send(
                message,
                hostname=post.host,
                port=post.port,
                username=post.username,
                password=post.password,
                use_tls=post.scheme == "smtps",
                start_tls=True if post.scheme == "smtp+starttls" else None,
                timeout=TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            codes = [each.code for each in refused.recipients]
            raise _refused(max(codes, default=550)) from refused
        except aiosmtplib.SMTPAuthenticationError as refused:
            raise NotSent(f"SMTP {refused.code}: signing in failed", is_receivers=True) from refused
        except aiosmtplib.SMTPResponseException as refused:
            raise _refused(refused.code) from refused
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as trouble:
            raise NotSent(f"SMTP: {type(trouble).__name__}", is_receivers=True) from trouble

    return send


def _refused(code: int) -> NotSent:
    return NotSent(f"SMTP {code}", finally_=500 <= code < 600)
