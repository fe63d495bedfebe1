"""Choosing a dialect: which modes follow from others, and which cannot be had together.

Knows the values alone; how they are written on a command line is another module's business.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from reference_server.dialect import RFC3339, SN, Dialect
from schemas.modes import AckMode, BadInput, Binding, RejectMode
from schemas.words import MessageType, TitleType


class DialectRefused(Exception):
    """These decisions cannot be kept together; the sentence names what to change."""


def chosen(choices: Mapping[str, Any]) -> Dialect:
    """The dialect with these modes chosen and the others as follows from them.

    ``choices`` maps names of fields to values of their types. Raises ``DialectRefused``.
    """
    dialect = Dialect(**{**_consequences(choices), **choices})
    for wrong, sentence in _contradictions(dialect):
        if wrong:
            raise DialectRefused(sentence)
    return dialect


def _consequences(choices: Mapping[str, Any]) -> dict[str, Any]:
    """Defaults that depend on what was chosen."""
    defaults: dict[str, Any] = {}
    if choices.get("binding") is Binding.URL:
        defaults["offers"] = False  # D7: staff bound by its URL gets no offers
    if choices.get("login_frame") is False:
        defaults["login_reject"] = RejectMode.HTTP
    if choices.get("ack") is AckMode.NONE:
        defaults["on_bad_input"] = BadInput.CLOSE  # D21: no Send at all, so none that refuses
    words = {TitleType.CONFIRM: TitleType.ASSIGNMENT, TitleType.ASSIGNMENT: TitleType.CONFIRM}
    for name, other in (("staff_assign", "staff_close"), ("staff_close", "staff_assign")):
        if choices.get(name) in words:
            defaults[other] = words[choices[name]]
    return defaults


def _contradictions(dialect: Dialect) -> Iterator[tuple[bool, str]]:
    staff, text = (kind in dialect.types for kind in (MessageType.STAFF, MessageType.TEXT))
    yield (
        dialect.binding is Binding.URL and dialect.offers,
        "--binding url knows no offers: leave out --offers true.",
    )
    yield (
        dialect.login_reject is RejectMode.FRAME and not dialect.login_frame,
        "Without a Login frame none can reject: give --login-reject http.",
    )
    yield (
        dialect.ack is AckMode.NONE and dialect.on_bad_input is BadInput.ERROR_FRAME,
        "--ack none sends no Send that could refuse: give --on-bad-input close.",
    )
    yield (
        dialect.binding is Binding.FRAME and not staff,
        "Without the type staff nobody can take a case: add staff to --types, or --binding url.",
    )
    yield (
        dialect.case_lifecycle and not staff,
        "Without the type staff there are no cases: give --case-lifecycle false.",
    )
    yield (
        dialect.has_receipts and not text,
        "Without the type text there is no receipt: give --read-receipt flag or none.",
    )
    yield from _wrong_words(dialect)


def _wrong_words(dialect: Dialect) -> Iterator[tuple[bool, str]]:
    words = (dialect.staff_assign, dialect.staff_close)
    yield (
        set(words) != {TitleType.CONFIRM, TitleType.ASSIGNMENT},
        "--staff-assign and --staff-close share out the words confirm and assignment.",
    )
    yield (not _is_template(dialect.staff_content), f"--staff-content must hold {SN} once.")
    yield (
        not all(dialect.send_types) or len(set(dialect.send_types)) < 2,
        "--send-types takes two different words, for customers and for staff.",
    )
    yield (
        len(set(dialect.types)) < len(dialect.types) or not dialect.types,
        "--types names at least one type, and none twice.",
    )
    yield (
        not _reads_back(dialect.time_format),
        "--time-format takes rfc3339 or a pattern that strptime reads back.",
    )


def _is_template(text: str) -> bool:
    rest = text.replace(SN, "", 1)
    return rest != text and "{" not in rest and "}" not in rest


def _reads_back(pattern: str) -> bool:
    if pattern == RFC3339:
        return True
    moment = datetime(2026, 11, 22, 10, 30, 15, 123_000, tzinfo=UTC)
    try:
        datetime.strptime(moment.strftime(pattern), pattern)
    except ValueError:
        return False
    return "%" in pattern
