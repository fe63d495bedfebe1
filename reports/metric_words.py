"""The latency series in words, and the order in which people ask for them."""

from collections.abc import Iterable

METRIC_MEANING = {
    "ack": "due until acknowledged",
    "deliver": "due until delivered",
    "staff_ack": "due until acknowledged, staff's answers",
    "staff_deliver": "due until delivered, staff's answers",
    "offer": "a conversation's first message until somebody is offered it",
    "replay": "due until replayed or offered",
    "first_answer": "a customer's first message until the first answer",
    "connect": "opening a connection",
    "login": "connection open until logged in",
    "reconnect": "connection lost until logged in again",
}


def by_weight(names: Iterable[str]) -> list[str]:
    """``names``, the ones that people ask for first; others stay in their order behind."""
    found = dict.fromkeys(names)
    known = [name for name in METRIC_MEANING if name in found]
    return [*known, *(name for name in found if name not in METRIC_MEANING)]
