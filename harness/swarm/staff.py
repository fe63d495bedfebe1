"""The shop's staff: takes what is offered, answers each message, closes a share of the cases."""

import asyncio
from collections import deque

from harness.swarm.arrivals import Heard
from harness.swarm.content import Draft
from harness.swarm.participant import Participant
from harness.swarm.spoken import Spoken
from schemas.messages import staff_word

_QUIET_S = 1.0
_VISIT_QUIET_S = 0.3
_NS = 1_000_000_000


class _Ordered(dict[str, None]):
    """A set that remembers the order of coming."""

    def add(self, member: str) -> None:
        self.setdefault(member)

    def discard(self, member: str) -> None:
        self.pop(member, None)


class Staff(Participant):
    """Waits for an offer, confirms it, answers, closes, goes on.

    ``_offers`` holds the customers whose messages came while idle, oldest first: the server offers
    a message once on a connection (D13), so what was not taken must be remembered here.
    """

    _offers: "_Ordered"
    _inbox: deque[Heard]
    _news: "asyncio.Future[None] | None" = None

    async def behave(self) -> None:
        if not self.settled:
            await self.settle()
        if self.stage.setup.url_binds:
            await self._serve()
        while True:
            case = await self._next_case()
            if await self.confirm(case):
                await self._greet()
                await self._serve()

    async def settle(self) -> None:
        """Confirm and close whatever is offered, until a second passes without an offer.

        What a colleague of this worker sees to is left to it, here and in a visit.
        """
        if not self.stage.setup.url_binds:
            await self._clear(_QUIET_S)
        self.settled = True

    async def visit(self) -> None:
        """Close the own case, then every conversation that still owes something to staff."""
        setup = self.stage.setup
        if setup.url_binds:
            return
        await self.settle_answers()
        await self.close_case()
        while self.stage.to_visit:
            await self._clear_one(setup.customer_sn(self.stage.to_visit.popleft()))
        await self._clear(_VISIT_QUIET_S)

    @property
    def conversation(self) -> int | None:
        """The conversation of the customer to whom this connection is bound."""
        bound = self.connection.bound if self.connection is not None else None
        return None if bound is None else self.stage.setup.roster.cases.get(bound)

    async def confirm(self, customer_sn: str) -> bool:
        """Take the customer's case; False when another was faster."""
        self._offers.discard(customer_sn)
        await self.allowed()
        word = self.stage.setup.rules.confirm_word
        return await self.answered(self._say_staff_word(word, customer_sn))

    async def close_case(self) -> bool:
        """Close the case at hand, with a token behind everything said in it."""
        bound = self.connection.bound if self.connection is not None else None
        if bound is None:
            return True
        conversation = self.conversation
        if conversation is not None:
            await self.allowed()
            self.say_text(conversation, self.stage.clock(), read=True)
        await self.allowed()
        self._inbox.clear()
        customer_sn = self._customer_of(bound)
        return await self.answered(
            self._say_staff_word(self.stage.setup.rules.close_word, customer_sn)
        )

    def heard(self, heard: Heard) -> None:
        if self.stage.setup.roster.numbers.get(heard.sn, -1) >= self.stage.plan.customers:
            return  # a colleague
        bound = self.connection.bound if self.connection is not None else None
        if bound is not None and bound == self.stage.setup.case_name(heard.sn):
            self._inbox.append(heard)
        else:
            self._offers.add(heard.sn)
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    def forget(self) -> None:
        self._offers = _Ordered()
        self._inbox = deque()

    # Inside.

    async def _next_case(self) -> str:
        """The next customer to take: offered, or in turn where the target has no offers."""
        setup = self.stage.setup
        if not setup.profile.capabilities.offers:
            await self.sleep(self.rng.uniform(0.0, self.stage.plan.service.patience_s))
            return setup.customer_sn(self.rng.randrange(self.stage.plan.customers))
        while not self._offers:
            await self._any_news(None)
        return next(iter(self._offers))

    async def _greet(self) -> None:
        """One answer to all that waited: what is replayed comes before its own answer (D12)."""
        await self.allowed()
        greeting = self._answer(self.stage.clock())
        if greeting is not None and await self.answered(greeting):
            self._inbox.clear()

    async def _serve(self) -> None:
        """Answer what comes until the case is closed: by chance after an answer, or in silence."""
        habits, may_close = self.stage.plan.service, not self.stage.setup.url_binds
        due_ns = 0
        while True:
            if not self._inbox and not await self._any_news(habits.patience_s):
                if may_close:
                    break
                continue
            if not self._inbox:  # somebody else's news
                continue
            heard_ns = self._inbox.popleft().at_ns
            # One after another: no answer is due before the one that was being thought about.
            due_ns = max(due_ns, heard_ns + int(habits.reply.draw(self.rng) * _NS))
            await self.stage.pacer.until(due_ns)
            if self.wait_s() > 0:  # what the target does not bear yet is not due yet
                await self.allowed()
                due_ns = self.stage.clock()
            self._answer(due_ns)
            if may_close and self.rng.random() < habits.close_share:
                break
        await self.close_case()

    def _answer(self, due_ns: int) -> Spoken | None:
        conversation = self.conversation
        if conversation is None:  # a customer of nobody's run
            return None
        words = " " + self.rng.choice(self.stage.lexicon.answers)
        return self.say(conversation, due_ns, Draft("text", words), read=True)

    def _say_staff_word(self, word: str, customer_sn: str) -> Spoken:
        setup = self.stage.setup
        message = staff_word(word, setup.case_name(customer_sn), read=True)
        conversation = setup.roster.numbers.get(customer_sn)
        return self.utter(message, self.speech.place(message, conversation, self.stage.clock()))

    async def _clear(self, quiet_s: float) -> None:
        """Confirm and close what is offered until ``quiet_s`` pass without an offer."""
        while self._offers or await self._any_news(quiet_s):
            if self._offers:
                await self._clear_one(next(iter(self._offers)))

    async def _clear_one(self, customer_sn: str) -> None:
        if customer_sn in self.stage.cleared:
            self._offers.discard(customer_sn)
            return
        self.stage.cleared.add(customer_sn)
        if await self.confirm(customer_sn):
            await self.close_case()

    async def _any_news(self, within_s: float | None) -> bool:
        """Wait for a message; False when none came in time."""
        self._news = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(within_s):
                await self._news
        except TimeoutError:
            return False
        return True

    def _customer_of(self, case: str) -> str:
        """The customer whom a staff word's content names."""
        roster = self.stage.setup.roster
        number = roster.cases.get(case)
        if number is not None:
            return self.stage.setup.customer_sn(number)
        template = self.stage.setup.profile.dialect.staff.content
        before, _, after = template.partition("{customer_sn}")
        return case.removeprefix(before).removesuffix(after)
