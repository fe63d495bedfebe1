"""Bytes that are UTF-8 and bytes that are not, class by class (RFC 3629; RFC 6455 §8.1).

The classes are those of Markus Kuhn's decoder stress test, whose section numbers the names bear;
what is invalid today because RFC 3629 ended at U+10FFFF and at four bytes is among them.
"""

from types import MappingProxyType
from typing import Final

Samples = MappingProxyType[str, tuple[bytes, ...]]


def _all(first: int, last: int, behind: bytes = b"") -> tuple[bytes, ...]:
    """Each byte from ``first`` to ``last``, and what stands behind it."""
    return tuple(bytes([byte]) + behind for byte in range(first, last + 1))


def _text(*characters: int) -> tuple[bytes, ...]:
    return ("".join(map(chr, characters)).encode(),)


def _hex(*samples: str) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(sample) for sample in samples)


VALID: Final = Samples(
    {
        "1 Greek": ("κόσμε".encode(),),
        "2.1.2 first of two bytes": _text(0x80),
        "2.1.3 first of three bytes": _text(0x800),
        "2.1.4 first of four bytes": _text(0x10000),
        "2.2.1 last of one byte": _text(0x7F),
        "2.2.2 last of two bytes": _text(0x7FF),
        "2.2.3 last of three bytes": _text(0xFFFF),
        "2.3.1 last before surrogates": _text(0xD7FF),
        "2.3.2 first after surrogates": _text(0xE000),
        "2.3.3 replacement character": _text(0xFFFD),
        "2.3.4 last of all": _text(0x10FFFF),
        "5.3.1 U+FFFE": _text(0xFFFE),
        "5.3.3 noncharacters of the middle": _text(*range(0xFDD0, 0xFDF0)),
        "5.3.4 noncharacters of the planes": _text(
            *(plane << 16 | low for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))
        ),
    }
)
"""Must be taken."""

INVALID: Final = Samples(
    {
        "2.1.5 first of five bytes": _hex("f888808080"),
        "2.1.6 first of six bytes": _hex("fc8480808080"),
        "2.2.4 last of four bytes": _hex("f7bfbfbf"),
        "2.3.5 first beyond all": _hex("f4908080"),
        "3.1.1 lowest continuation": _hex("80"),
        "3.1.2 highest continuation": _hex("bf"),
        "3.1.9 all continuations": (bytes(range(0x80, 0xC0)),),
        "3.2.1 lonely start of two": _hex("c220"),
        "3.2.2 lonely start of three": _hex("e020"),
        "3.2.3 lonely start of four": _hex("f020"),
        "3.3.6 two bytes cut": _hex("df"),
        "3.3.7 three bytes cut": _hex("efbf"),
        "3.3.8 four bytes cut": _hex("f48fbf"),
        "3.4 one cut after the other": _hex(
            "c0e080f08080f8808080fc80808080dfefbff7bfbffbbfbfbffdbfbfbfbf"
        ),
        "3.5.1 FE": _hex("fe"),
        "3.5.2 FF": _hex("ff"),
        "4.1.1 slash in two bytes": _hex("c0af"),
        "4.1.2 slash in three bytes": _hex("e080af"),
        "4.1.3 slash in four bytes": _hex("f08080af"),
        "4.2.1 highest overlong of two": _hex("c1bf"),
        "4.2.2 highest overlong of three": _hex("e09fbf"),
        "4.2.3 highest overlong of four": _hex("f08fbfbf"),
        "4.3.1 zero in two bytes": _hex("c080"),
        "5.1.1 first high surrogate": _hex("eda080"),
        "5.1.7 last low surrogate": _hex("edbfbf"),
        "5.2.1 pair of surrogates": _hex("eda080edb080"),
    }
)
"""Must end the connection."""

MORE_INVALID: Final = Samples(
    {
        "2.2.5 last of five and six bytes": _hex("fbbfbfbfbf", "fdbfbfbfbfbf"),
        "3.1.3 rows of continuations": tuple(bytes([0x80, 0xBF] * 4)[:n] for n in range(2, 8)),
        "3.1.9 every continuation": _all(0x80, 0xBF),
        "3.2.1 every lonely start of two": _all(0xC0, 0xDF, b" "),
        "3.2.2 every lonely start of three": _all(0xE0, 0xEF, b" "),
        "3.2.3 every lonely start of four": _all(0xF0, 0xF7, b" "),
        "3.2.4 every lonely start of five": _all(0xF8, 0xFB, b" "),
        "3.2.5 every lonely start of six": _all(0xFC, 0xFD, b" "),
        "3.3.1 first ones cut": _hex("c0", "e080", "f08080", "f8808080", "fc80808080"),
        "3.3.8 last ones cut": _hex("f7bfbf", "fbbfbfbf", "fdbfbfbfbf"),
        "3.5.3 FE and FF": _hex("fefeffff"),
        "4.1.4 slash in five and six bytes": _hex("f8808080af", "fc80808080af"),
        "4.2.4 highest overlong of five and six": _hex("f887bfbfbf", "fc83bfbfbfbf"),
        "4.3.2 zero in more bytes": _hex("e08080", "f0808080", "f880808080", "fc8080808080"),
        "5.1.2 other surrogates": _hex("edadbf", "edae80", "edafbf", "edb080", "edbe80"),
        "5.2.2 other pairs": _hex(
            "eda080edbfbf",
            "edadbfedb080",
            "edadbfedbfbf",
            "edae80edb080",
            "edae80edbfbf",
            "edafbfedb080",
            "edafbfedbfbf",
        ),
    }
)
"""The rest of the classes; one case tries all of a line."""
