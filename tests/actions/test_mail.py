"""Mail: handed in encrypted and signed in where that is asked for, and not at all where it cannot be."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from actions.sending.mail import Post, mail
from actions.sending.parcels import NotSent, Parcel
from models.fields import uuid7
from tests.given import NOW
from tests.mailbox import Mailbox, mailbox

SENDER = "Casegraph <support@casegraph.example>"
PARCEL = Parcel(uuid7(), "bob@example.com", "Hello", "Hello Bob")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 with its key, made by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key(), serial_number=1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(private + made.public_bytes(pem))
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine trusts the certificate, as administrators make it trust those of their own house."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def post(box: Mailbox, password: str) -> Post:
    return Post.of(box.url.replace("://", f"://casegraph:{password}@"), SENDER)


ENCRYPTED = pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])


@ENCRYPTED
async def test_mail_is_handed_in_encrypted_by_who_knows_the_password(scheme, tls, trusted):
    async with mailbox(scheme, tls, "p@ss") as box:
        await mail(post(box, "p%40ss"))(PARCEL, NOW)

        assert [message["To"] for message in box.messages] == ["bob@example.com"]


@ENCRYPTED
async def test_a_wrong_password_may_be_put_right(scheme, tls, trusted):
    async with mailbox(scheme, tls, "p@ss") as box:
        with pytest.raises(NotSent) as caught:
            await mail(post(box, "guess"))(PARCEL, NOW)

        assert (caught.value.reason, caught.value.finally_) == ("SMTP 535: signing in failed", False)
        assert box.messages == []


@ENCRYPTED
async def test_a_server_that_nobody_vouches_for_gets_neither_mail_nor_password(scheme, tls):
    async with mailbox(scheme, tls, "p@ss") as box:
        with pytest.raises(NotSent) as caught:
            await mail(post(box, "p%40ss"))(PARCEL, NOW)

        assert not caught.value.finally_
        assert box.messages == []


async def test_a_server_that_cannot_encrypt_gets_nothing_where_that_is_asked_for():
    async with mailbox("smtp+starttls") as box:
        with pytest.raises(NotSent) as caught:
            await mail(Post.of(box.url, SENDER))(PARCEL, NOW)

        assert not caught.value.finally_
        assert box.messages == []
