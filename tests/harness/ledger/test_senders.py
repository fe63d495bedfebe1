"""Who may have sent without saying so."""

from harness.ledger.senders import Senders


def test_nobody_has_vanished_while_every_worker_lives():
    senders = Senders()
    senders.plays(1, 0)
    assert not senders.vanished(1)
    assert not senders.vanished(2)


def test_participants_of_a_lost_worker_have_vanished_and_so_have_strangers():
    senders = Senders()
    senders.plays(1, 0)
    senders.plays(2, 1)
    senders.lose(0)
    assert [senders.vanished(participant) for participant in (1, 2, 3)] == [True, False, True]


def test_participant_with_a_device_elsewhere_has_vanished_all_the_same():
    senders = Senders()
    senders.plays(1, 0)
    senders.plays(1, 1)
    senders.lose(0)
    assert senders.vanished(1)
