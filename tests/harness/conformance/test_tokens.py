"""Contents that nobody has sent before."""

from harness.conformance.tokens import Mint, Tokens


def test_every_content_is_new_and_later_than_the_mark():
    tokens = Tokens()
    before = tokens.fresh("hello")
    mark = tokens.mark()
    after = tokens.fresh("hello")
    assert before.endswith(" hello")
    assert tokens.number_of(before) < mark < tokens.number_of(after)


def test_a_completed_content_is_known_by_its_token():
    tokens = Tokens(Mint("00abcd"))
    content = f"https://host/upload/{tokens.fresh()}.jpg"
    assert tokens.is_ours(content)
    assert tokens.number_of(content) == 1


def test_another_run_and_no_token_are_told_apart():
    tokens = Tokens(Mint("00abcd"))
    assert tokens.number_of("00abce.000009 x") == 0
    for content in ("words", None, "00abcd.0000091"):
        assert tokens.number_of(content) is None
    assert not tokens.is_ours("00abce.000009 x")


def test_lanes_of_one_run_never_make_the_same():
    lanes = [Tokens(Mint("00abcd", lane, 3)) for lane in range(3)]
    made = [tokens.fresh() for tokens in lanes for _ in range(50)]
    assert len(set(made)) == 150
    assert all(lanes[0].is_ours(content) for content in made)


def test_each_lane_knows_its_own_numbers():
    lanes = [Tokens(Mint("00abcd", lane, 3)) for lane in range(3)]
    for maker in lanes:
        numbers = [maker.number_of(maker.fresh()) for _ in range(10)]
        for tokens in lanes:
            assert all(tokens.made(number) is (tokens is maker) for number in numbers)
