"""The certificate of a server that speaks TLS, read before anything else is touched."""

import ssl
from pathlib import Path

import msgspec


class TlsRefused(Exception):
    """The files are no certificate and key; the sentence says why and what to do next."""


class TlsFiles(msgspec.Struct, frozen=True):
    """PEM files. An empty ``key`` means that the key stands in the certificate's file."""

    cert: str
    key: str = ""


def server_context(files: TlsFiles) -> ssl.SSLContext:
    """The context of a TLS server (TLS 1.2 or newer), or ``TlsRefused``."""
    for name in (files.cert, files.key):
        if name:
            _check_readable(Path(name))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(files.cert, files.key or None, password=_no_passphrase)
    except ssl.SSLError as reason:
        raise TlsRefused(_explain(files, reason)) from None
    return context


def _check_readable(path: Path) -> None:
    try:
        path.open("rb").close()
    except OSError as reason:
        raise TlsRefused(
            f"Cannot read {path} ({reason.strerror}): give --tls-cert and --tls-key PEM files."
        ) from None


def _no_passphrase() -> str:
    raise TlsRefused("The key is encrypted: give --tls-key a key without a passphrase.")


def _explain(files: TlsFiles, reason: ssl.SSLError) -> str:
    if reason.reason == "KEY_VALUES_MISMATCH":
        return f"The key in {files.key or files.cert} does not belong to {files.cert}."
    where = f"{files.cert} and {files.key}" if files.key else files.cert
    return (
        f"There is no certificate with its key in {where}: give --tls-cert and --tls-key PEM files."
    )
