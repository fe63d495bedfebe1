"""Certificate files: the right ones are taken, each wrong one is named in a sentence."""

import ssl
import subprocess

import pytest

from reference_server.tls import TlsFiles, TlsRefused, server_context


def openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A certificate with its key, both in one file, another key, and the key under a passphrase."""
    here = tmp_path_factory.mktemp("tls")
    for name in ("server", "other"):
        cert, key = str(here / f"{name}.pem"), str(here / f"{name}.key")
        subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
        new = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        openssl("req", *new, *subject, "-days", "2", "-keyout", key, "-out", cert)
    both = (here / "server.pem").read_text() + (here / "server.key").read_text()
    (here / "both.pem").write_text(both)
    (here / "nonsense.pem").write_text("nonsense")
    locked = ["-aes128", "-passout", "pass:secret", "-out", str(here / "locked.key")]
    openssl("ec", "-in", str(here / "server.key"), *locked)
    return here


@pytest.mark.parametrize(("cert", "key"), [("server.pem", "server.key"), ("both.pem", "")])
def test_a_certificate_with_its_key_makes_a_context(folder, cert, key):
    context = server_context(TlsFiles(str(folder / cert), str(folder / key) if key else ""))
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    ("cert", "key", "words"),
    [
        ("missing.pem", "server.key", "Cannot read"),
        ("server.pem", "missing.key", "Cannot read"),
        ("nonsense.pem", "server.key", "There is no certificate with its key"),
        ("server.pem", "nonsense.pem", "There is no certificate with its key"),
        ("server.pem", "", "There is no certificate with its key"),
        ("server.pem", "other.key", "does not belong"),
        ("server.pem", "locked.key", "is encrypted"),
    ],
)
def test_wrong_files_are_refused_with_the_reason(folder, cert, key, words):
    with pytest.raises(TlsRefused, match=words):
        server_context(TlsFiles(str(folder / cert), str(folder / key) if key else ""))


def test_a_folder_is_no_file(folder):
    with pytest.raises(TlsRefused, match="Cannot read"):
        server_context(TlsFiles(str(folder)))


@pytest.mark.loopback
def test_the_chat_is_served_over_tls(folder, start):
    files = ("--tls-cert", str(folder / "server.pem"), "--tls-key", str(folder / "server.key"))
    peer = start(*files)
    assert peer.url.startswith("wss://127.0.0.1:")
    peer.sslopt = {"ca_certs": str(folder / "server.pem")}
    customer, staff = peer.customer(), peer.staff()
    customer.tell('{"type":"text","content":"hi"}')
    assert customer.next()["Result"] is True
    assert staff.next()["msg"]["content"] == "hi"
    peer.process.terminate()
    assert customer.close_code() == 1001
    customer.ws.shutdown()
    staff.ws.shutdown()
    assert peer.process.wait(5) == 0


@pytest.mark.loopback
def test_wrong_files_are_refused_before_the_database_is_touched(folder, refusal, tmp_path):
    db = str(tmp_path / "chat.sqlite3")
    cert = str(folder / "nonsense.pem")
    assert "There is no certificate" in refusal("--db", db, "--tls-cert", cert)
    assert "needs --tls-cert" in refusal("--db", db, "--tls-key", cert)
    assert list(tmp_path.iterdir()) == []
