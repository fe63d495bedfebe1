"""The process: its first line, what it refuses, how it ends, what it remembers."""

import signal
import socket
import sqlite3
import time
import tomllib
from contextlib import closing

import pytest
import websocket

from reference_server.__main__ import main
from schemas.account_tokens import Identity, mint
from schemas.messages import confirm, receipt, text
from schemas.words import Role

pytestmark = pytest.mark.loopback
SECRET = "a secret of the owner's own"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_answers_closes_with_1001_and_exits_0(start, number):
    peer = start()
    customer = peer.customer()
    customer.tell(text("last words"))
    assert customer.next()["Result"] is True
    begun = time.monotonic()
    peer.process.send_signal(number)
    assert customer.close_code() == 1001
    customer.ws.shutdown()
    out, err = peer.process.communicate(timeout=5)
    assert (peer.process.returncode, out, err) == (0, "", "")
    assert time.monotonic() - begun < 5


def test_a_peer_that_never_answers_the_close_does_not_keep_it_alive(start):
    peer = start()
    peer.customer()
    peer.process.terminate()
    assert peer.process.wait(5) == 0


def test_what_was_acknowledged_survives_a_kill(start, tmp_path):
    db = str(tmp_path / "chat.sqlite3")
    peer = start("--db", db)
    customer = peer.customer()
    for number in range(50):
        customer.tell(text(f"w{number}"))
    acknowledged = [customer.next()["msg"] for _ in range(20)]
    peer.process.kill()
    peer.process.wait(5)
    staff = start("--db", db).staff()
    replayed = [staff.next()["msg"] for _ in acknowledged]
    assert replayed == acknowledged


def test_a_restart_keeps_read_marks_and_numbers(start, tmp_path):
    db = str(tmp_path / "chat.sqlite3")
    peer = start("--db", db)
    customer, staff = peer.customer(), peer.staff()
    customer.ask(text("read"))
    staff.next()
    assert staff.ask(confirm("C1", read=True))["Result"] is True
    customer.next()
    assert customer.ask(receipt())["Result"] is True
    customer.ask(text("unread"))
    peer.process.terminate()
    assert peer.process.wait(5) == 0
    peer = start("--db", db)
    staff = peer.staff()
    assert staff.next()["msg"]["content"] == "unread"
    customer = peer.customer()
    assert customer.ask(text("new"))["MsgStatus"] == "Send"
    assert staff.next()["NoReadQty"] == 2


def test_a_secret_of_its_own_replaces_the_demo_secret(start):
    peer = start(CHATSOCKET_SECRET=SECRET)
    good = mint(Identity("C1", Role.CUSTOMER, "n"), SECRET)
    assert peer.connect(good).next()["Result"] is True
    assert peer.connect(mint(Identity("C1", Role.CUSTOMER, "n"))).next()["Result"] is False


def test_with_its_own_secret_it_serves_any_address(start):
    assert start("--host", "0.0.0.0", CHATSOCKET_SECRET=SECRET).url.startswith("ws://0.0.0.0:")


def test_the_demo_secret_serves_loopback_only(refusal):
    assert "demo secret" in refusal("--host", "0.0.0.0")


def test_a_short_secret_is_refused_without_being_shown(refusal):
    said = refusal(CHATSOCKET_SECRET="short")
    assert "CHATSOCKET_SECRET is too short" in said
    assert "'short'" not in said


def test_a_port_in_use_is_refused_and_leaves_no_database(refusal, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refusal("--port", str(port), "--db", str(tmp_path / "chat.sqlite3"))
    assert f"127.0.0.1:{port}" in said
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_host_is_refused(refusal):
    assert "no address" in refusal("--host", "nowhere.invalid")


def test_a_foreign_database_is_refused_untouched(refusal, tmp_path):
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE stock (n)")
    before = path.read_bytes()
    assert "not a database of this server" in refusal("--db", str(path))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_misuse_is_one_sentence(refusal):
    assert "no port" in refusal("--port", "http")
    assert "--frobnicate" in refusal("--frobnicate")


def test_an_unknown_fault_is_refused_with_the_nearest(refusal):
    assert "did you mean 'missing-ack'" in refusal("--fault", "missing-acks")


def test_what_clients_do_wrong_leaves_nothing_on_stderr(start):
    peer = start("--login-reject", "http")
    for url, token in ((peer.url, "nonsense"), (peer.url + "x", None)):
        with pytest.raises(websocket.WebSocketBadStatusException):
            websocket.create_connection(
                url,
                timeout=10,
                header=[f"Authorization: Bearer {token}"],
                http_no_proxy=["127.0.0.1"],
            )
    for opcode, payload in ((0x1, b"\xff"), (0x2, b"x"), (0x1, b"{")):
        customer = peer.customer()
        customer.ws.send(payload, opcode)
        if payload == b"{":
            customer.next()
            customer.ws.sock.close()
        else:
            customer.close_code()
    peer.process.terminate()
    assert peer.process.communicate(timeout=5) == ("", "")


def test_a_fault_is_served(start):
    customer = start("--fault", "wrong-msgstatus").customer()
    assert customer.ask(receipt())["MsgStatus"] == "Sent"


def test_an_image_ends_the_connection_without_a_close_when_asked_to_crash(start):
    customer = start("--fault", "crash-on-image").customer()
    customer.tell('{"type":"image","content":"/a.jpg"}')
    assert customer.close_code() is None


def test_the_profile_of_a_mode_is_printed_and_nothing_is_served(capfd):
    assert main(["--binding", "url", "--port", "9000", "--print-profile"]) == 0
    printed = tomllib.loads(capfd.readouterr().out)
    assert printed["binding"] == "url"
    assert printed["capabilities"]["offers"] is False
    assert printed["staff_url"] == printed["url"] + "?conversation={customer_sn}"
    assert printed["url"] == "ws://127.0.0.1:9000/api/ChatSocket/WebSocket"


def test_modes_that_do_not_go_together_are_refused(refusal, tmp_path):
    db = str(tmp_path / "chat.sqlite3")
    assert "--binding url" in refusal("--db", db, "--binding", "url", "--offers", "true")
    assert "'loud' is not one of echo, bare, none" in refusal("--db", db, "--ack", "loud")
    assert list(tmp_path.iterdir()) == []
