"""The outgoing queue of a connection: order, its end, its bounds."""

import asyncio

from reference_server.outbox import EASE_FRAMES, MAX_BYTES, MAX_FRAMES, Close, Item, Outbox


def quiet() -> Outbox:
    return Outbox(on_overflow=lambda: None)


def test_items_leave_in_order_until_the_close():
    async def scenario() -> list[Item]:
        outbox, sent = quiet(), []

        async def send(item: Item) -> None:
            sent.append(item)

        for item in (b"a", b"b", Close(1008), b"never"):
            outbox.expect(item)
            outbox.put(item)
        await outbox.deliver(send)
        assert outbox.ended
        return sent

    assert asyncio.run(scenario()) == [b"a", b"b", Close(1008)]


def test_after_the_end_nothing_is_kept():
    async def scenario() -> list[Item]:
        outbox, sent = quiet(), []

        async def send(item: Item) -> None:
            sent.append(item)

        outbox.put(b"a")
        outbox.end()
        outbox.put(b"b")
        await outbox.deliver(send)
        return sent

    assert asyncio.run(scenario()) == []


def test_too_many_frames_overflow_once():
    calls = []
    outbox = Outbox(on_overflow=lambda: calls.append(1))
    for _ in range(MAX_FRAMES):
        outbox.expect(b"x")
    assert calls == []
    for _ in range(3):
        outbox.expect(b"x")
    assert calls == [1]


def test_too_many_bytes_overflow():
    calls = []
    outbox = Outbox(on_overflow=lambda: calls.append(1))
    outbox.expect(bytes(MAX_BYTES + 1))
    assert calls == [1]


def test_input_waits_while_much_is_pending():
    async def scenario() -> None:
        outbox = quiet()
        for _ in range(EASE_FRAMES + 1):
            outbox.expect(b"x")
        waiting = asyncio.create_task(outbox.eased())
        await asyncio.sleep(0)
        assert not waiting.done()
        sent = asyncio.Event()

        async def send(_: Item) -> None:
            sent.set()

        writer = asyncio.create_task(outbox.deliver(send))
        outbox.put(b"x")
        await asyncio.wait_for(waiting, 5)
        outbox.end()
        await writer

    asyncio.run(scenario())
