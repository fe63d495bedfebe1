"""The opening handshake, right and bent (RFC 6455 §4)."""

import base64
from collections.abc import Callable

import msgspec
import pytest

from harness.blocking.channel import unopened
from harness.blocking.opening import Request
from harness.blocking.wire import Ended, Shape
from harness.conformance.door import Door
from harness.conformance.raw import Raw, described, is_open, must_open
from harness.conformance.spec import Basis, Manner, case
from harness.conformance.stops import NotApplicable, broken
from harness.target import Profile
from harness.wire_handshake import SWITCHING_PROTOCOLS, ResponseHead

METHOD_NOT_ALLOWED = 405
UNKNOWN_VERSIONS = ("14", "250")  # RFC 6455 §11.6: registered to nobody
LONG_HEADER_BYTES = 2_000


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


# What must open.


@case("upgrade-by-get", "rfc-101-response")
def test_ten_requests_in_a_row_open(raw: Raw) -> None:
    """Ten right requests, one after the other, all open."""
    for _ in range(10):
        raw.opened(raw.request(), "rfc-101-response")


@case("rfc-accept-value")
def test_accept_belongs_to_every_key(raw: Raw) -> None:
    """Whatever bytes a key is made of, the 101 shows that they were read."""
    for raw_key in (bytes(16), b"\xff" * 16, b"\xfb\xef\xbe" * 5 + b"\xfb", b"the sample nonce"):
        key = base64.b64encode(raw_key).decode()
        raw.opened(raw.request().having("Sec-WebSocket-Key", key), "rfc-accept-value")


@case("rfc-101-response")
def test_request_byte_by_byte_opens(raw: Raw) -> None:
    """A request that arrives byte by byte opens like any other."""
    raw.opened(raw.request(), "rfc-101-response", Shape.BYTEWISE)


@case("rfc-101-response", "rfc-accept-value")
def test_requests_on_idle_connections_open(raw: Raw) -> None:
    """Of five connections that were made first, the last opens first, and all do."""
    for wire in reversed([raw.wire() for _ in range(5)]):
        must_open(raw.shake_on(wire, raw.request()), "rfc-101-response")


@case("rfc-header-case")
def test_case_of_names_and_tokens_is_ignored(raw: Raw) -> None:
    """Header names and the tokens websocket and Upgrade may come in any case."""
    request = raw.request().having("UPGRADE", "WebSocket").having("connection", "uPGRADE")
    key = request.value("Sec-WebSocket-Key")
    raw.opened(request.having("SEC-WEBSOCKET-KEY", key), "rfc-header-case")


@case("rfc-connection-list")
@pytest.mark.parametrize(
    "value",
    ["keep-alive, Upgrade", "Upgrade,keep-alive", "keep-alive ,\tUpgrade , x-more"],
    ids=["last", "first", "between"],
)
def test_connection_may_list_more(raw: Raw, value: str) -> None:
    """``Connection: keep-alive, Upgrade`` opens, as browsers send it, wherever Upgrade stands."""
    raw.opened(raw.request().having("Connection", value), "rfc-connection-list")


@case("rfc-handshake-read")
@pytest.mark.parametrize(
    ("gap", "tail"), [(":", ""), (": \t  ", ""), (": ", "   ")], ids=["none", "before", "behind"]
)
def test_blanks_around_values_mean_nothing(raw: Raw, gap: str, tail: str) -> None:
    """Headers with no blank after the colon, with more, or with blanks at the end, open."""
    raw.opened(raw.spelt(gap=gap, tail=tail), "rfc-handshake-read")


@case("rfc-handshake-read")
def test_order_of_headers_means_nothing(raw: Raw) -> None:
    """The same headers in the opposite order open."""
    request = raw.request()
    turned = msgspec.structs.replace(request, fields=request.fields[::-1])
    raw.opened(turned, "rfc-handshake-read")


@case("rfc-handshake-read")
def test_further_headers_mean_nothing(raw: Raw) -> None:
    """Headers that nobody knows, one of them long, open."""
    request = raw.request().adding("X-Chatsocket-Long", "x" * LONG_HEADER_BYTES)
    for number in range(20):
        request = request.adding(f"X-Chatsocket-{number}", "")
    raw.opened(request, "rfc-handshake-read")


# What the 101 may choose.


@case("rfc-unoffered-subprotocol", "rfc-unoffered-extension")
def test_nothing_unoffered_is_chosen(raw: Raw) -> None:
    """A client that offers neither subprotocols nor extensions is given none."""
    raw.opened(raw.request().without("Sec-WebSocket-Protocol"), "rfc-101-response")


@case("rfc-unoffered-subprotocol")
def test_no_subprotocol_but_an_offered_one_is_chosen(raw: Raw, profile: Profile) -> None:
    """Of offered subprotocols one is chosen or none, and never another."""
    offer = ", ".join([*profile.subprotocols, "chatsocket.no-such-a", "chatsocket.no-such-b"])
    answer, _ = raw.shake(raw.request().having("Sec-WebSocket-Protocol", offer))
    if not is_open(answer) and not profile.subprotocols:
        raise NotApplicable(f"unknown subprotocols are refused: {described(answer)}")
    must_open(answer, "rfc-unoffered-subprotocol")


@case("rfc-unoffered-extension")
def test_unknown_extension_is_passed_over(raw: Raw) -> None:
    """An extension that nobody knows is no reason to refuse, and nothing else is chosen."""
    offer = "x-chatsocket-no-such; level=1, x-chatsocket-nor-this"
    request = raw.request().having("Sec-WebSocket-Extensions", offer)
    raw.opened(request, "rfc-unoffered-extension")


# What must not open.


@case("rfc-version-refused")
@pytest.mark.parametrize("version", UNKNOWN_VERSIONS)
def test_unknown_version_is_refused(raw: Raw, version: str) -> None:
    """A version that nobody speaks gets an error status and the versions that are spoken."""
    request = raw.request().having("Sec-WebSocket-Version", version)
    answer = raw.declined(request, "rfc-version-refused")
    if isinstance(answer, Ended) or answer.status < 400:
        raise broken("rfc-version-refused", "an error status such as 426", described(answer))
    if not answer.all("sec-websocket-version"):
        raise broken(
            "rfc-version-refused", "Sec-WebSocket-Version", f"HTTP {answer.status} without it"
        )


@case("rfc-key-required")
def test_missing_key_is_refused(raw: Raw) -> None:
    """Without Sec-WebSocket-Key no WebSocket opens."""
    raw.declined(raw.request().without("Sec-WebSocket-Key"), "rfc-key-required")


@case("rfc-method-get")
@pytest.mark.parametrize("method", ["PUT", "POST", "HEAD", "OPTIONS"])
def test_another_method_opens_nothing(raw: Raw, method: str) -> None:
    """Another method with all the headers of an upgrade opens no WebSocket."""
    raw.declined(raw.request().by(method), "rfc-method-get")


@case("rfc-upgrade-required")
def test_missing_upgrade_opens_nothing(raw: Raw) -> None:
    """Without the Upgrade header no WebSocket opens."""
    raw.declined(raw.request().without("Upgrade"), "rfc-upgrade-required")


@case("rfc-upgrade-required")
def test_upgrade_to_something_else_opens_nothing(raw: Raw) -> None:
    """An upgrade to another protocol opens no WebSocket."""
    raw.declined(raw.request().having("Upgrade", "x-chatsocket"), "rfc-upgrade-required")


def _twice(name: str, request: Request) -> Request:
    return request.adding(name, request.value(name))


MISSHAPEN: dict[str, Callable[[Raw], Request]] = {
    "no Connection": lambda raw: raw.request().without("Connection"),
    "Connection without Upgrade": lambda raw: raw.request().having("Connection", "keep-alive"),
    "short key": lambda raw: raw.request().having("Sec-WebSocket-Key", "c2hvcnQ="),
    "empty key": lambda raw: raw.request().having("Sec-WebSocket-Key", ""),
    "key no base64": lambda raw: raw.request().having("Sec-WebSocket-Key", "!" * 22 + "=="),
    "two keys": lambda raw: _twice("Sec-WebSocket-Key", raw.request()),
    "no version": lambda raw: raw.request().without("Sec-WebSocket-Version"),
    "version no number": lambda raw: raw.request().having("Sec-WebSocket-Version", "thirteen"),
    "no Host": lambda raw: raw.request().without("Host"),
    "HTTP 1.0": lambda raw: raw.spelt(version="1.0"),
}


@case("rfc-handshake-form", manner=Manner.HOSTILE)
@pytest.mark.parametrize("bend", MISSHAPEN.values(), ids=MISSHAPEN)
def test_misshapen_request_opens_nothing(
    raw: Raw, door: Door, bend: Callable[[Raw], Request]
) -> None:
    """A request that is not as RFC 6455 wants it opens no WebSocket."""
    for slug in ("rfc-101-response", "rfc-accept-value"):
        door.evidence.excuse(slug)  # a 101 to such a request has no right form
    raw.declined(bend(raw), "rfc-handshake-form")


@case("rfc-unknown-resource")
def test_another_path_opens_nothing(raw: Raw) -> None:
    """Beside the documented path no WebSocket opens."""
    request = raw.request()
    path, mark, query = request.target.partition("?")
    elsewhere = f"{path.rstrip('/')}-no-such-place{mark}{query}"
    raw.declined(msgspec.structs.replace(request, target=elsewhere), "rfc-unknown-resource")
