"""Client messages that must be refused, by the clause that a server breaks which takes them (D17);
and those that can be argued about. ``@`` stands for a content of one's own."""

from collections.abc import Mapping
from typing import Final

UNREADABLE: Final[Mapping[str, tuple[str, ...]]] = {
    "refuse-json-syntax": ('{"type":"text",', "hello", '{"type":"text","content":"@" "read":true}'),
    "refuse-trailing-bytes": (
        '{"type":"text","content":"@","read":false} x',
        '{"type":"text","content":"@","read":false}{}',
    ),
    "refuse-nan": (
        '{"type":"text","content":"@","read":false,"x":NaN}',
        '{"type":"text","content":"@","read":false,"x":-Infinity}',
    ),
    "refuse-non-object": ("[]", '"text"', "7", "null", "true"),
    "refuse-member-type": (
        '{"type":"text","content":7,"read":false}',
        '{"type":"text","content":"@","read":"true"}',
        '{"type":["text"],"content":"@","read":false}',
        '{"type":"text","content":"@","read":false,"titletype":1}',
        '{"type":"text","content":{"a":"@"},"read":false}',
    ),
    "refuse-unknown-type": (
        '{"type":"TEXT","content":"@","read":false}',
        '{"type":"video","content":"@","read":false}',
        '{"content":"@","read":false}',
    ),
    "refuse-titletype": (
        '{"type":"title","content":"@","read":false}',
        '{"type":"title","content":"@","read":false,"titletype":"PRO"}',
        '{"type":"title","content":"@","read":false,"titletype":"confirm"}',
    ),
    "refuse-empty-content": (
        '{"type":"text","content":"","read":false}',
        '{"type":"text"}',
        '{"type":"image","content":"","read":true}',
        '{"type":"title","content":"","read":true,"titletype":"other"}',
    ),
}
ODD: Final[Mapping[str, str]] = {
    "duplicate members": '{"type":"text","content":"@","content":"@","read":false}',
    "byte order mark": '\ufeff{"type":"text","content":"@","read":false}',
    "lone surrogate": '{"type":"text","content":"@\\ud800","read":false}',
    "nul": '{"type":"text","content":"@\\u0000","read":false}',
    "deep": '{"type":"text","content":"@","read":false,"x":' + "[" * 100 + "]" * 100 + "}",
    "huge number": '{"type":"text","content":"@","read":false,"x":1e9999}',
}
