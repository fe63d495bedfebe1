"""Waiting for a stay."""

import asyncio

from harness.swarm.presence import Presence


def test_who_is_here_waits_for_nothing() -> None:
    presence = Presence(here=True)
    asyncio.run(presence.begun())
    assert presence.been


def test_who_is_away_waits_until_its_stay_begins() -> None:
    async def wait() -> list[bool]:
        presence = Presence(here=False)
        waiting = asyncio.ensure_future(presence.begun())
        await asyncio.sleep(0)
        seen = [waiting.done(), presence.been]
        presence.begin()
        presence.begin()
        await waiting
        presence.end()
        return [*seen, presence.been, presence.here]

    assert asyncio.run(wait()) == [False, False, True, False]
