"""https where there is no name to have a certificate for: an authority of the owner's own, made once, and a
certificate for this machine at every start; RFC 5280."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from explorer.errors import Failure, Mistake
from explorer.web.addresses import HOME

FILE = "authority.pem"
LASTS, CERTIFIES, WORN = timedelta(days=1095), timedelta(days=397), timedelta(days=30)
"""How long an authority and a certificate of its are good; browsers refuse a certificate of more than 398 days. An
authority with less left than the last is made anew."""
CLOCKS = timedelta(days=1)
"""A phone's clock may be behind."""
NAMES = ("localhost", *HOME)
SERVED = "Fovea"
"""What certificates are called: a common name with a dot in it would count as a host's, and be held to the limits."""
NETWORKS = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"),
    *("192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
)
"""IANA's special-purpose addresses (RFC 6890): no server of the internet's has one of them."""


def folder() -> Path:
    """Where the authority is kept: the user's own configuration."""
    if os.name == "nt":
        base = os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming"
    else:
        base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "fovea"


@dataclass(frozen=True)
class Authority:
    """Vouches for this machine to whoever has installed `certificate`; path: where both are kept."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    path: Path

    @property
    def name(self) -> str:
        """As phones list it."""
        (name,) = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(name.value)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as phones show it."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    @property
    def pem(self) -> bytes:
        """The certificate, without the key: what is handed out."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def allows(self, name: str) -> bool:
        """Whether it may vouch for an address or a name."""
        limits = self.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
        permitted = [one.value for one in limits.permitted_subtrees or ()]
        try:
            address = ip_address(name)
        except ValueError:
            return any(isinstance(tree, str) and (name == tree or name.endswith(f".{tree}")) for tree in permitted)
        return any(not isinstance(tree, str) and address in tree for tree in permitted)

    @contextmanager
    def certified(self, names: Iterable[str]) -> Iterator[dict[str, str]]:
        """Files of a new certificate for those of `names` it may vouch for, and of its key, which end with the `with`:
        {ssl_certfile, ssl_keyfile}. Raises Mistake when it may vouch for none, Failure when they cannot be written."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._certify(key, [name for name in names if self.allows(name)])
        try:
            with TemporaryDirectory(prefix="fovea-") as private:  # made for its owner's eyes alone
                kept = Path(private)
                _write(kept / "key.pem", _key_bytes(key))
                _write(kept / "certificate.pem", certificate.public_bytes(serialization.Encoding.PEM))
                yield {"ssl_certfile": str(kept / "certificate.pem"), "ssl_keyfile": str(kept / "key.pem")}
        except PermissionError as error:
            raise Failure(f"A certificate could not be kept at {error.filename}: make that folder writable.") from None

    def _certify(self, key: ec.EllipticCurvePrivateKey, names: list[str]) -> x509.Certificate:
        if not names:
            raise Mistake(
                "This machine has no address the authority may vouch for: give --host one of a local network."
            )
        ends = min(_now() + CERTIFIES - CLOCKS, self.certificate.not_valid_after_utc)
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        return (
            _builder(_called(SERVED), self.certificate.subject, key, ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
            .add_extension(_usage(digital_signature=True), critical=True)
            .add_extension(usage, critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )


def authority(host: str, addresses: Iterable[str] = (), kept: Path | None = None) -> Authority:
    """The one kept in `kept`, the user's configuration where None; made if there is none or it is nearly over.

    host: what it is called after; addresses: of this machine, those of the internet too. Raises Mistake when what is
    kept cannot be read, Failure when it cannot be written.
    """
    path = (folder() if kept is None else kept) / FILE
    try:
        found = _read(path) if path.exists() else None
        if found is None or found.certificate.not_valid_after_utc < _now() + WORN:
            found = _make(host, addresses, path)
    except OSError as error:
        raise Failure(
            f"The authority for --https cannot be kept at {path} ({error.strerror}): make that folder writable, or set "
            "XDG_CONFIG_HOME to another."
        ) from None
    return found


def _read(path: Path) -> Authority:
    path.chmod(0o600)
    content = path.read_bytes()
    try:
        key = serialization.load_pem_private_key(content, None)
        certificate = x509.load_pem_x509_certificate(content)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            raise ValueError("the key is another's")
        certificate.extensions.get_extension_for_class(x509.NameConstraints)
    except (ValueError, TypeError, x509.ExtensionNotFound):
        raise Mistake(
            f"{path} holds no authority that Fovea made: delete it and start again, and hand the new one to the class."
        ) from None
    return Authority(key, certificate, path)


def _make(host: str, addresses: Iterable[str], path: Path) -> Authority:
    """Not an authority over the internet: were its key stolen, whoever installed it could be shown a false bank. So it
    may vouch for nothing but names of local networks and addresses that no public server has, and for the public
    addresses this machine has now, each alone (RFC 5280, 4.2.1.10; most browsers apply that to an installed authority
    too). The bare host name is no such name: were it `dev`, all of .dev were its
    own."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = [one for one in map(ip_address, addresses) if isinstance(one, IPv4Address) and one.is_global]
    networks = [*map(ip_network, NETWORKS), *(ip_network(f"{one}/32") for one in public)]
    permitted = [*map(x509.DNSName, NAMES), *map(x509.IPAddress, networks)]
    called = _called(f"Fovea on {host}")
    certificate = (
        _builder(called, called, key, _now() + LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    made = Authority(key, certificate, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:  # made with mode 600
        file.write(_key_bytes(key) + made.pem)
    Path(file.name).replace(path)
    return made


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, ends: datetime) -> (
    x509.CertificateBuilder
):  # fmt: skip
    public = key.public_key()
    return (
        x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number(), _now() - CLOCKS, ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )  # fmt: skip


def _usage(digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(digital_signature, False, False, False, False, key_cert_sign, crl_sign, False, False)


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
