"""Wrong profiles, each with the one sentence its writer reads."""

from pathlib import Path

import pytest

from harness.errors import ProfileError, UsageError
from harness.target import KeyStatus, default_profile, read_profile
from harness.target.token_place import TokenPlace
from schemas.modes import AckMode, ContentMode, MsgRead

URL = 'url = "ws://127.0.0.1:1/chat"\n'


def read(folder: Path, text: str, url: str | None = None):
    path = folder / "p.toml"
    path.write_text(text, "utf-8")
    return read_profile(path, url)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", 'p.toml: has no url; write url = "ws://host:port/path".'),
        (
            URL + "[dialect]\nakc = 1",
            "p.toml: there is no key dialect.akc; did you mean dialect.ack?",
        ),
        (URL + 'ack = "echo"', "p.toml: there is no key ack; did you mean dialect.ack?"),
        (URL + "[dialekt]", "p.toml: there is no table [dialekt]; did you mean dialect?"),
        (URL + "qwertyuiop = 1", "p.toml: there is no key qwertyuiop."),
        (URL + "tls = 5", "p.toml: tls is a table, written [tls]."),
        (
            URL + '[dialect]\nack = "ech"',
            'p.toml: dialect.ack = "ech": expected one of "echo", "bare", "none", or "off";'
            " did you mean echo?",
        ),
        (
            URL + "[login]\nframe = 1",
            "p.toml: login.frame = 1: expected true or false.",
        ),
        (
            URL + '[login]\nby = "off"',
            'p.toml: login.by = "off": expected one of "header", "cookie", "query", "template".',
        ),
        (
            URL + "[limits]\nanswer_s = 0",
            'p.toml: limits.answer_s = 0: expected a number above 0, or "off".',
        ),
        (
            URL + "[limits]\nmax_message_bytes = true",
            'p.toml: limits.max_message_bytes = true: expected a whole number above 0, or "off".',
        ),
        (
            URL + "[dialect]\ntime_formats = ['%Y-%Q']",
            'p.toml: dialect.time_formats = ["%Y-%Q"]: expected a list of texts, or "off"; it holds'
            " '%Y-%Q', which is neither 'rfc3339' nor a strptime pattern.",
        ),
        (
            URL + "[dialect]\ntime_formats = []",
            'p.toml: dialect.time_formats = []: expected a list of texts, or "off"; it is empty.',
        ),
        (
            URL + '[dialect.staff]\nclose = "confirm"',
            "p.toml: dialect.staff.close is the same word as dialect.staff.assign.",
        ),
        (
            URL + '[dialect.staff]\nassign = "pro"',
            'p.toml: dialect.staff.assign = "pro": expected one of "confirm", "assignment",'
            ' or "off"; it is a topic, not a staff word.',
        ),
        (
            URL + '[dialect.staff]\ncontent = "{sn}"',
            'p.toml: dialect.staff.content = "{sn}": expected a text, or "off"; it holds'
            " '{sn}', which is no placeholder (known: {customer_sn}).",
        ),
        (
            URL + "[dialect]\nsend_types = ['a']",
            'p.toml: dialect.send_types = ["a"]: expected two texts, for customers and for staff,'
            ' or "off"; it does not have two entries.',
        ),
        (
            'url = "http://h/x"',
            'p.toml: url = "http://h/x": expected a ws:// or wss:// URL;'
            " it does not begin with ws:// or wss://.",
        ),
        (
            'url = "ws://u:hunter2@h/x"',
            'p.toml: url = "ws://h/x": expected a ws:// or wss:// URL; it has a user or password;'
            " put them into headers as Authorization.",
        ),
        (
            'url = "ws://h/{tokn}"',
            'p.toml: url = "ws://h/{tokn}": expected a ws:// or wss:// URL; it holds'
            " '{tokn}', which is no placeholder, perhaps {token}"
            " (known: {token}, {sn}, {customer_sn}).",
        ),
        (
            'url = "ws://{sn}.h/x"',
            'p.toml: url = "ws://{sn}.h/x": expected a ws:// or wss:// URL;'
            " it has a placeholder outside its path and query.",
        ),
        (
            URL + '[headers]\nHost = "x"',
            "p.toml: headers: expected a table of texts;"
            " it holds 'Host', which the handshake sets itself.",
        ),
        (
            URL + '[headers]\nX-Key = "a\\r\\nHost: b"',
            "p.toml: headers: expected a table of texts; it is wrong at 'X-Key',"
            " which holds a control character or a letter outside ASCII.",
        ),
        (
            URL + '[headers]\nX-Key = "env:"',
            "p.toml: headers: expected a table of texts; it is wrong at 'X-Key',"
            " which names no environment variable after 'env:'.",
        ),
        (
            URL + '[login]\nheader = "Bearer {token}"',
            "p.toml: login.header: expected a text; it is not written 'Name: value'.",
        ),
        (
            URL + '[login]\nheader = "X-Token: abc"',
            "p.toml: login.header: expected a text; it has no {token}.",
        ),
        (
            URL + '[login]\nby = "template"',
            'p.toml: login.by is "template", but neither url nor headers hold {token}.',
        ),
        (
            URL + 'binding = "url"',
            'p.toml: binding is "url", but neither staff_url, url nor headers hold {customer_sn}.',
        ),
        (
            'url = "ws://h/{customer_sn}"\nbinding = "url"\n[capabilities]\noffers = true',
            'p.toml: capabilities.offers is true, but binding = "url" knows no offers.',
        ),
        (
            URL + '[tls]\nclient_key = "p.toml"',
            "p.toml: tls.client_key needs tls.client_cert beside it.",
        ),
        (
            URL + '[[accounts]]\nsn = "C1"\nrole = "customer"',
            "p.toml: accounts.entries has no token for 'C1', and there is no login.token_command.",
        ),
        (
            URL + '[[accounts]]\nsn = "C1"\nrole = "client"\ntoken = "hunter2"',
            "p.toml: accounts.entries: expected a list of {sn, role, name, token} with role"
            " customer or staff.",
        ),
        (
            URL
            + 'accounts = [{sn="C1",role="customer",token="t"},{sn="C1",role="staff",token="u"}]',
            "p.toml: accounts.entries names 'C1' twice.",
        ),
        (
            URL + 'proxy = "http://u:hunter2@h"',
            'p.toml: proxy = "http://h": expected an http://, socks4:// or socks5:// URL with a'
            " port, or an empty text; it has no port.",
        ),
        (
            URL + 'origin = "https://h/x"',
            'p.toml: origin = "https://h/x": expected scheme://host, or an empty text;'
            " it has more than scheme://host[:port].",
        ),
        (
            URL + 'subprotocols = ["a b"]',
            'p.toml: subprotocols = ["a b"]: expected a list of texts;'
            " it holds 'a b', which is no protocol name.",
        ),
        (
            URL + '[login]\ntoken_command = ["tok", "{tokn}"]',
            "p.toml: login.token_command: expected a list of texts, the program first; it holds"
            " '{tokn}', which is no placeholder (known: {sn}, {role}, {name}).",
        ),
        (
            URL + '[data]\norders = {C1 = ["O-1", "O-1"]}',
            'p.toml: data.orders = {"C1": ["O-1", "O-1"]}: expected a list of texts, or a table of'
            " such lists by customer sn; it holds 'O-1' twice.",
        ),
        (
            URL + "[dialect]\ntypes = []",
            'p.toml: dialect.types = []: expected a list of "text", "image", "title", "staff";'
            " it is empty.",
        ),
    ],
)
def test_a_wrong_profile_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.toml").write_text(text, "utf-8")
    with pytest.raises(ProfileError) as raised:
        read_profile(Path("p.toml"))
    assert str(raised.value) == sentence
    assert raised.value.exit_code == 2
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("port", ["0", "65536", "abc"])
def test_a_wrong_port_is_refused(port: str) -> None:
    with pytest.raises(ProfileError, match=r"command line: url = .*[Pp]ort"):
        default_profile(f"ws://127.0.0.1:{port}/x")


@pytest.mark.parametrize(
    "url", ["ws://h/#top", "ws://h/a b", "ws://-h/", "ws:///x", "ws://300.1.1.1/", "ws://[::g]/"]
)
def test_a_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ProfileError):
        default_profile(url)


@pytest.mark.parametrize(
    "url",
    [
        "ws://localhost/x",
        "wss://[::1]:8443/x?a=1",
        "ws://chat_1.example.:80/",
        "ws://h/{sn}?t={token}",
    ],
)
def test_a_right_url_is_taken_as_it_is(url: str) -> None:
    assert default_profile(url).url == url


@pytest.mark.parametrize(
    ("raw", "pattern"),
    [
        (b"url = \nx = 1", "is not valid TOML: .*line 1"),
        (b"\xff\xfe", "not TOML in UTF-8"),
        (b"a = " + b"[" * 5000, "is no profile: not TOML"),
        (b"#" * (1 << 20) + b"#", "longer than 1 MiB"),
    ],
)
def test_a_file_that_is_no_profile_is_told_so(tmp_path: Path, raw: bytes, pattern: str) -> None:
    path = tmp_path / "p.toml"
    path.write_bytes(raw)
    with pytest.raises(UsageError, match=pattern):
        read_profile(path)


def test_a_missing_profile_names_the_command_that_writes_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"No such file.*profile init"):
        read_profile(tmp_path / "none.toml")


@pytest.mark.parametrize("name", ["tls.ca_file", "tls.client_cert", "accounts.file"])
def test_a_named_file_must_exist_beside_the_profile(tmp_path: Path, name: str) -> None:
    section, leaf = name.split(".")
    with pytest.raises(ProfileError, match=f"{name} names .*gone.pem, which is no file"):
        read(tmp_path, URL + f'[{section}]\n{leaf} = "gone.pem"')
    (tmp_path / "gone.pem").write_text("")
    profile = read(tmp_path, URL + f'[{section}]\n{leaf} = "gone.pem"')
    assert profile.path(name) == tmp_path / "gone.pem"


def test_written_keys_are_declared_and_the_others_default(tmp_path: Path) -> None:
    profile = read(tmp_path, URL + '[dialect]\nack = "bare"')
    assert profile.dialect.ack is AckMode.BARE
    assert profile.status("dialect.ack") is KeyStatus.DECLARED
    assert profile.status("dialect.msg_read") is KeyStatus.DEFAULT
    assert profile.status("dialect") is KeyStatus.DECLARED
    assert profile.status("login") is KeyStatus.DEFAULT


def test_off_leaves_a_decision_unjudged_and_demands_least(tmp_path: Path) -> None:
    profile = read(
        tmp_path,
        URL + '[dialect]\nack = "off"\nsame_msg = false\nmsg_read = "off"\ncontent = "off"',
    )
    assert {profile.status(f"dialect.{leaf}") for leaf in ("ack", "same_msg", "msg_read")} == {
        KeyStatus.OFF
    }
    assert profile.status("dialect.content") is KeyStatus.OFF
    assert profile.dialect.ack is AckMode.ECHO
    assert profile.dialect.same_msg is False
    assert profile.dialect.msg_read is MsgRead.ANY
    assert profile.dialect.content.text is ContentMode.ANY


def test_off_for_a_boolean_means_false(tmp_path: Path) -> None:
    profile = read(tmp_path, URL + '[capabilities]\noffers = "off"')
    assert profile.capabilities.offers is False
    assert profile.status("capabilities.offers") is KeyStatus.OFF


def test_tomls_false_stands_for_the_word_false(tmp_path: Path) -> None:
    profile = read(tmp_path, URL + "[dialect]\nmsg_read = false")
    assert profile.dialect.msg_read is MsgRead.FALSE
    assert profile.status("dialect.msg_read") is KeyStatus.DECLARED


def test_a_token_in_the_url_says_where_the_token_goes(tmp_path: Path) -> None:
    assert read(tmp_path, 'url = "ws://h/?t={token}"').login.by is TokenPlace.TEMPLATE
    declared = read(tmp_path, 'url = "ws://h/?t={token}"\n[login]\nby = "cookie"')
    assert declared.login.by is TokenPlace.COOKIE


def test_staff_bound_by_url_gets_no_offers(tmp_path: Path) -> None:
    profile = read(tmp_path, URL + 'staff_url = "ws://h/{customer_sn}"\nbinding = "url"')
    assert profile.capabilities.offers is False
    assert profile.status("capabilities.offers") is KeyStatus.OFF


def test_a_url_given_beside_the_profile_replaces_its_own(tmp_path: Path) -> None:
    assert read(tmp_path, URL, "wss://h:1/y").url == "wss://h:1/y"
    assert read(tmp_path, "", "wss://h:1/y").url == "wss://h:1/y"
    with pytest.raises(ProfileError, match="ambiguous"):
        read(tmp_path, URL + 'staff_url = "ws://h/s"', "wss://h:1/y")


def test_a_help_page_may_be_a_path_on_the_server(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    for page, right in (
        ("/Help/Api/x", True),
        ("https://h/Help", True),
        ("", True),
        ("Help", False),
        ("//h/Help", False),
        ("/a b", False),
        ("ftp://h/x", False),
    ):
        file.write_text(f'url = "ws://h/x"\npage = "{page}"\n')
        if right:
            assert read_profile(file).page == page
        else:
            with pytest.raises(ProfileError):
                read_profile(file)
