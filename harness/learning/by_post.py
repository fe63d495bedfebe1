"""One message by plain HTTP (D20): ``capabilities.http_post``."""

import time
from http import HTTPStatus

from harness.blocking.exchange import HttpAnswer, exchange
from harness.blocking.opening import plain_request
from harness.blocking.wire import Diary, Wire
from harness.errors import TargetUnavailable
from harness.learning.cast import Cast
from harness.learning.heard import Heard, read
from harness.learning.meeting import WORDS
from harness.learning.visit import Visit
from harness.target import credentials
from schemas.messages import encode, text

KEY = "capabilities.http_post"
_UNSUPPORTED = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED)


def post(cast: Cast) -> None:
    """The customer posts one message."""
    visit, notes = cast.visit, cast.visit.notes
    said = visit.note(cast.customer, text(visit.fresh(WORDS)))
    try:
        answer = _answer(cast, encode(said.message))
    except TargetUnavailable as stop:
        notes.unknown(KEY, f"the POST could not be made ({stop.problem})")
        return
    if answer is None:
        notes.unknown(KEY, "the POST was not answered by HTTP in time")
        return
    line, heard = f"POST <- HTTP {answer.status}", _frame(visit, answer)
    if answer.status in _UNSUPPORTED:
        notes.learned(KEY, False, "a POST on the same path got", line)
    elif answer.status == HTTPStatus.OK and heard is not None and heard.succeeded:
        shown, said.posted = heard.excerpt("Result", "msg.content"), heard
        notes.learned(KEY, True, "a POST on the same path got", line, shown)
    else:
        shown = heard.excerpt("Result", "Error") if heard is not None else ""
        notes.unknown(KEY, "a POST got what is neither a Send nor a plain no", line, shown)


def _answer(cast: Cast, body: bytes) -> HttpAnswer | None:
    visit, account = cast.visit, cast.customer.account
    known = credentials(visit.profile, account)
    request = plain_request(known, "POST").having("Content-Type", "application/json")
    diary = Diary("POST", visit.transcript, lambda _: None)
    deadline = visit.within(visit.answer_s)
    with Wire.to(known, visit.route, diary, deadline) as wire:
        answer = exchange(wire, request, body, deadline)
    return answer if isinstance(answer, HttpAnswer) else None


def _frame(visit: Visit, answer: HttpAnswer) -> Heard | None:
    frame = read(answer.body, visit.transcript.redacted)
    return Heard("POST", frame, time.time()) if frame is not None else None
