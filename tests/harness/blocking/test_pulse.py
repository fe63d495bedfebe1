"""A target is asked one question at a time, and a dead one no more."""

from types import SimpleNamespace

from harness.blocking.pulse import MOST_IN_VAIN, Pulse


def sign(answered_ns=None, is_open=False):
    return SimpleNamespace(answered_ns=answered_ns, is_open=is_open)


def test_who_asks_meanwhile_shares_the_question():
    pulse, first = Pulse(), sign(is_open=True)
    assert pulse.ask(lambda: first) is first
    assert pulse.ask(sign) is first
    first.is_open, first.answered_ns = False, 5
    assert pulse.ask(sign) is not first


def test_a_target_that_never_answers_is_asked_no_more():
    pulse, asked = Pulse(), []
    for _ in range(9):
        pulse.ask(lambda: asked.append(sign()) or asked[-1])
    assert len(asked) == MOST_IN_VAIN
    assert pulse.ask(sign) is None


def test_an_answer_makes_up_for_those_in_vain():
    pulse, given = Pulse(), [sign(answered_ns=n if n % 2 else None) for n in range(9)]
    assert [pulse.ask(lambda each=each: each) for each in given] == given
