"""`python -m admissions_portal.deploy.certificate FOLDER`: a certificate of our own, until you bring yours.

Browsers warn of it, rightly. Put portal.crt and portal.key of your own into the volume, and it is left alone.
"""

import datetime
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from admissions_portal import env

VALID_FOR = datetime.timedelta(days=365)


def make_certificate(folder: Path, hosts: list[str]) -> bool:
    """Write portal.crt and portal.key for `hosts`, valid for a year; false where there is one already."""
    certificate_file, key_file = folder / "portal.crt", folder / "portal.key"
    if certificate_file.exists():
        return False
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        .sign(key, hashes.SHA256())
    )
    key_file.touch(mode=0o600)
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return True


if __name__ == "__main__":
    make_certificate(Path(sys.argv[1]), env.words("PORTAL_HOSTS"))
