from reports.metric_words import by_weight


def test_what_people_ask_for_comes_first_and_the_rest_stays_in_its_order() -> None:
    names = ["zeta", "login", "ack.text", "deliver", "ack", "ack"]
    assert by_weight(names) == ["ack", "deliver", "login", "zeta", "ack.text"]
