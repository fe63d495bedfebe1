"""What an answer to a POST must be: status and body, accepted or refused."""

import pytest

from harness.blocking.exchange import HttpAnswer
from harness.conformance.post import check_accepted, check_refused, check_status, frame_in
from harness.conformance.stops import Broken

SENT = b'{"MsgStatus":"Send","Result":true}'
REFUSED = b'{"MsgStatus":"Send","Result":false,"Error":"no"}'


def answer(status, body=b""):
    return HttpAnswer(status, (), body)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"\xff"])
def test_a_body_that_is_no_object_holds_no_frame(body):
    assert frame_in(answer(200, body)) == {}


def test_a_status_that_is_not_allowed_breaks_the_clause():
    check_status(answer(413), "post-too-large", 413)
    with pytest.raises(Broken) as stop:
        check_status(answer(500), "post-too-large", 413)
    assert stop.value.finding.clause == "post-too-large"


@pytest.mark.parametrize(
    ("status", "body"), [(202, SENT), (200, REFUSED), (200, b'{"Result":true}'), (200, b"")]
)
def test_only_a_send_that_succeeded_is_an_acceptance(status, body):
    check_accepted(answer(200, SENT), "post-accepted")
    with pytest.raises(Broken):
        check_accepted(answer(status, body), "post-accepted")


@pytest.mark.parametrize("status", [200, 400, 422])
def test_a_refusal_may_have_any_of_three_statuses(status):
    check_refused(answer(status, REFUSED))


@pytest.mark.parametrize(
    ("status", "body"), [(500, REFUSED), (200, SENT), (400, b'{"Result":false,"Error":""}')]
)
def test_a_refusal_without_a_reason_is_none(status, body):
    with pytest.raises(Broken):
        check_refused(answer(status, body))
