"""The answer's media type, by the request's ``Accept``."""

import pytest

from reference_server.accept import answer_type


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/json", "text/json"),
        ("text/html", "text/html"),
        ("TEXT/HTML", "text/html"),
        ("text/*", "text/json"),
        ("image/png", "application/json"),
        ("text/html;q=0.5, text/json;q=0.9", "text/json"),
        ("text/html, */*;q=0.8", "text/html"),
        ("text/html;level=1;q=0.3, application/json;q=0.2", "text/html"),
        ("*/*, application/json;q=0", "text/json"),
        ("text/html;q=nonsense", "application/json"),
        (";;,,;q=", "application/json"),
        ("text/html;q=0", "application/json"),
    ],
)
def test_the_heaviest_fitting_type_wins(accept, media):
    assert answer_type(accept) == media
