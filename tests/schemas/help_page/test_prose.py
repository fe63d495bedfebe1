"""The words of a member, read off descriptions as people write them."""

import pytest

from schemas.help_page.prose import words_in


@pytest.mark.parametrize(
    ("prose", "words"),
    [
        ("State of the order (open, paid, shipped)", ("open", "paid", "shipped")),
        ("類別(a ,b)a 甲b 乙c 丙", ("a", "b", "c")),
        ("狀態（new、done）new 新 done 完成 void 作廢", ("new", "done", "void")),
        ("One of: low, normal, high.", ("low", "normal", "high")),
        ("Possible values: A, B or C", ("A", "B", "C")),
        ("Either 'card' or 'cash'", ("card", "cash")),
        ("Carrier [dhl|ups|post-nl]", ("dhl", "ups", "post-nl")),
        ("Size (S, M). S: small; M: middle; L: large", ("S", "M", "L")),
        ("Size (S, M), see the API: it tells", ("S", "M")),
        ("Kind: text 文字 image 圖片", ()),
        ("Words text:the words image:a path", ()),
        ("In EUR (without tax, with discount)", ()),
        ("A date (YYYY-MM-DD)", ()),
        ("Colour (e.g. red, blue)", ()),
        ("", ()),
    ],
)
def test_words_are_read_off_a_list(prose: str, words: tuple[str, ...]) -> None:
    assert words_in(prose) == words


def test_hostile_prose_is_read_in_bounded_time() -> None:
    for piece in ("(", "(a,", "one of a,", "a,b|", "'a' or "):
        words_in(piece * 100_000)
