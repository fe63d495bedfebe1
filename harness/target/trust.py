"""What TLS of a target is trusted with: the profile's ``[tls]`` as an :class:`ssl.SSLContext`."""

import ssl

from harness.errors import ProfileError
from harness.target.target_profile import Profile


def tls_context(profile: Profile) -> ssl.SSLContext | None:
    """The context for wss:// targets, None for ws://. ProfileError when a PEM file is none.

    ``tls.ca_file`` is trusted beside the system's authorities; ``tls.verify = false`` accepts any
    certificate.
    """
    if not profile.url.startswith("wss:"):
        return None
    context = ssl.create_default_context()
    if profile.tls.ca_file:
        _trust(context, profile)
    if profile.tls.client_cert:
        _introduce(context, profile)
    if not profile.tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _trust(context: ssl.SSLContext, profile: Profile) -> None:
    try:
        context.load_verify_locations(profile.path("tls.ca_file"))
    except OSError:
        raise _unusable(profile, "tls.ca_file", "holds no certificate in PEM form") from None


def _introduce(context: ssl.SSLContext, profile: Profile) -> None:
    key = profile.path("tls.client_key") if profile.tls.client_key else None
    try:
        context.load_cert_chain(profile.path("tls.client_cert"), key, password=b"")
    except OSError:
        raise _unusable(
            profile, "tls.client_cert", "does not hold a certificate with its unencrypted key"
        ) from None


def _unusable(profile: Profile, key: str, complaint: str) -> ProfileError:
    return ProfileError(profile.shown_name, key, f"{key} {complaint}: {profile.path(key)}")
