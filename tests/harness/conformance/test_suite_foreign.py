"""A live server: bots and customers of its own speak between what the cases say."""

import json
import socket
import threading
from contextlib import contextmanager, suppress

import pytest

from harness.conformance import Group, SuiteOptions
from harness.target import ListedAccounts, MintedAccounts
from harness.wire_frames import Framing, Opcode, encode_frame
from schemas.verdicts import Outcome

pytestmark = pytest.mark.loopback

GROUPS = (Group.STAFF, Group.UNREAD, Group.REPLAY)


def said(sender, side, words, unread):
    msg = {
        "SendSn": sender,
        "SendName": "live",
        "SendType": side,
        "type": "text",
        "content": words,
        "time": "2026-11-22T10:00:00.000+08:00",
        "read": False,
        "titletype": None,
        "location": None,
        "info": None,
    }
    frame = {"MsgStatus": "Receive", "Result": True, "msg": msg, "Error": None, "NoReadQty": unread}
    return encode_frame(Opcode.TEXT, json.dumps(frame).encode(), Framing(mask=None))


WELCOME = said("SHOP-BOT", "staff", "Welcome! How can we help?", 0)
OFFER = said("live-C9", "customer", "is anybody there?", 0)


def after_login(data):
    """``data`` with a welcome and an offer behind the whole Login frame in it, if there is one."""
    at = data.find(b'"MsgStatus":"Login","Result":true')
    end = data.find(b"}", data.find(b'"NoReadQty"', at)) + 1
    return data if at < 0 or not end else data[:end] + WELCOME + OFFER + data[end:]


def pump(source, sink, change):
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(change(data))
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def talkative(url):
    """The URL of a relay to ``url`` that says things of its own after each login."""
    host, _, path = url.removeprefix("ws://").partition("/")
    address = (host.split(":")[0], int(host.split(":")[1]))
    listener = socket.create_server(("127.0.0.1", 0))

    def relay(client):
        with client, socket.create_connection(address) as server:
            up = threading.Thread(target=pump, args=(client, server, bytes))
            up.start()
            pump(server, client, after_login)
            up.join()

    def accept():
        with suppress(OSError):
            while True:
                threading.Thread(target=relay, args=(listener.accept()[0],)).start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    with listener:
        yield f"ws://127.0.0.1:{listener.getsockname()[1]}/{path}"
        listener.shutdown(socket.SHUT_RDWR)
    accepting.join()


@pytest.mark.parametrize("listed", [False, True], ids=["minted", "listed"])
def test_what_others_say_is_counted_and_fails_nothing(honest_url, judge, listed):
    accounts = MintedAccounts(f"live{listed}")
    if listed:
        accounts = ListedAccounts([*accounts.customers(2), *accounts.staff(2)], "test")
    with talkative(honest_url) as url:
        records, _ = judge(url, accounts=accounts, options=SuiteOptions(groups=GROUPS))
    harmless = (Outcome.PASSED, Outcome.NOT_APPLICABLE, Outcome.INFORMATIONAL)
    red = {key: record.message for key, record in records.items() if record.outcome not in harmless}
    assert red == {}
    assert records["staff-confirm-is-accepted"].foreign >= 4


def test_without_others_nothing_is_foreign(serving, judge):
    with serving() as url:
        records, _ = judge(url, options=SuiteOptions(keyword="text_is_acknowledged"))
    assert [record.foreign for record in records.values()] == [0] * len(records)
