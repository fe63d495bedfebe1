"""Customers of one's own: each scheduled message, once accepted, is followed by a second thought.

    locust -f examples/load/own_behaviour.py --headless -u 10 -r 10 -t 10s \
        --host ws://127.0.0.1:8765/api/ChatSocket/WebSocket --rate 20
"""

from harness.swarm.customer import Customer
from scenarios import slots
from scenarios.locustfile import StaffUser

__all__ = ["HastyUser", "StaffUser"]


class Hasty(Customer):
    """Says one more text a moment after each that the server has acknowledged."""

    async def behave(self) -> None:
        await self.settle()  # read what was replayed: the run may begin
        while True:
            due_ns = await self.turn()  # the schedule says when
            if await self.answered(self.speak(due_ns)):
                await self.sleep(0.1)
                self.say_text(self.conversation, self.stage.clock())


class HastyUser(slots.CustomerUser):
    """A place for such a customer."""

    participant = Hasty
