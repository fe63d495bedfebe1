"""TLS as the profile wants it."""

import ssl
from pathlib import Path

import pytest

from harness.errors import ProfileError
from harness.target import default_profile, tls_context
from harness.target.reading import profile_from


def test_a_plain_target_has_no_tls() -> None:
    assert tls_context(default_profile("ws://h/x")) is None


def test_certificates_are_checked_unless_the_profile_says_not_to() -> None:
    checked = tls_context(default_profile("wss://h/x"))
    assert checked is not None
    assert (checked.verify_mode, checked.check_hostname) == (ssl.CERT_REQUIRED, True)
    unchecked = tls_context(profile_from({"url": "wss://h/x", "tls": {"verify": False}}, "p"))
    assert unchecked is not None
    assert (unchecked.verify_mode, unchecked.check_hostname) == (ssl.CERT_NONE, False)


@pytest.mark.parametrize("key", ["ca_file", "client_cert"])
def test_a_pem_file_that_is_none_is_named(tmp_path: Path, key: str) -> None:
    (tmp_path / "x.pem").write_text("no certificate")
    table = {"url": "wss://h/x", "tls": {key: "x.pem"}}
    with pytest.raises(ProfileError, match=rf"tls.{key} .*x\.pem"):
        tls_context(profile_from(table, "p.toml", tmp_path / "p.toml"))
