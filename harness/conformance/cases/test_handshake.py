"""The opening handshake, right and bent (RFC 6455 §4)."""

from harness.blocking.channel import unopened
from harness.blocking.wire import Ended, Shape
from harness.conformance.raw import Raw
from harness.conformance.spec import Basis, case
from harness.conformance.stops import broken
from harness.target import Profile
from harness.wire_handshake import SWITCHING_PROTOCOLS, ResponseHead

METHOD_NOT_ALLOWED = 405
UNKNOWN_VERSION = "250"  # registered to nobody


@case(
    "upgrade-by-get",
    "rfc-101-response",
    "rfc-upgrade-header",
    "rfc-connection-header",
    "rfc-accept-value",
    lays=Basis.REACHED,
)
def test_right_request_opens(raw: Raw, profile: Profile) -> None:
    """A right GET upgrade is answered with a right 101."""
    answer, _ = raw.shake(raw.request())
    if not isinstance(answer, ResponseHead):
        raise unopened(answer, profile.shown_url)
    if answer.status == METHOD_NOT_ALLOWED:
        raise broken("upgrade-by-get", "101 Switching Protocols", "HTTP 405")
    if answer.status != SWITCHING_PROTOCOLS:
        raise unopened(answer, profile.shown_url)


@case("upgrade-by-get", "rfc-101-response")
def test_ten_requests_in_a_row_open(raw: Raw) -> None:
    """Ten right requests, one after the other, all open."""
    for _ in range(10):
        raw.opened(raw.request(), "rfc-101-response")


@case("rfc-unoffered-subprotocol", "rfc-unoffered-extension")
def test_nothing_unoffered_is_chosen(raw: Raw) -> None:
    """A client that offers neither subprotocols nor extensions is given none."""
    raw.opened(raw.request().without("Sec-WebSocket-Protocol"), "rfc-101-response")


@case("rfc-header-case")
def test_case_of_names_and_tokens_is_ignored(raw: Raw) -> None:
    """Header names and the tokens websocket and Upgrade may come in any case."""
    request = raw.request().having("UPGRADE", "WebSocket").having("connection", "uPGRADE")
    key = request.value("Sec-WebSocket-Key")
    raw.opened(request.having("SEC-WEBSOCKET-KEY", key), "rfc-header-case")


@case("rfc-connection-list")
def test_connection_may_list_more(raw: Raw) -> None:
    """``Connection: keep-alive, Upgrade`` opens, as browsers send it."""
    request = raw.request().having("Connection", "keep-alive, Upgrade")
    raw.opened(request, "rfc-connection-list")


@case("rfc-101-response")
def test_request_byte_by_byte_opens(raw: Raw) -> None:
    """A request that arrives byte by byte opens like any other."""
    raw.opened(raw.request(), "rfc-101-response", Shape.BYTEWISE)


@case("rfc-version-refused")
def test_unknown_version_is_refused(raw: Raw) -> None:
    """A version that nobody speaks gets an error status and the versions that are spoken."""
    request = raw.request().having("Sec-WebSocket-Version", UNKNOWN_VERSION)
    answer = raw.declined(request, "rfc-version-refused")
    if isinstance(answer, Ended) or answer.status < 400:
        raise broken("rfc-version-refused", "an error status such as 426", str(answer)[:200])
    if not answer.all("sec-websocket-version"):
        raise broken(
            "rfc-version-refused", "Sec-WebSocket-Version", f"HTTP {answer.status} without it"
        )


@case("rfc-key-required")
def test_missing_key_is_refused(raw: Raw) -> None:
    """Without Sec-WebSocket-Key no WebSocket opens."""
    raw.declined(raw.request().without("Sec-WebSocket-Key"), "rfc-key-required")


@case("rfc-method-get")
def test_another_method_opens_nothing(raw: Raw) -> None:
    """PUT with all the headers of an upgrade opens no WebSocket."""
    raw.declined(raw.request().by("PUT"), "rfc-method-get")


@case("rfc-101-response")
def test_missing_upgrade_opens_nothing(raw: Raw) -> None:
    """Without the Upgrade header no WebSocket opens."""
    raw.declined(raw.request().without("Upgrade"), "rfc-101-response")
