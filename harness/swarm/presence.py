"""Whether a participant is to be connected just now, and the wait until it is.

Knows no connection: a plan's stays and the end of the run say so.
"""

import asyncio


class Presence:
    """``here``: it is to be connected; ``been``: it was, some time in this run."""

    __slots__ = ("_invited", "been", "here")

    def __init__(self, *, here: bool) -> None:
        self.here = here
        self.been = False
        self._invited: asyncio.Future[None] | None = None

    def begin(self) -> None:
        """It is to be connected from now on."""
        self.here = True
        if self._invited is not None and not self._invited.done():
            self._invited.set_result(None)

    def end(self) -> None:
        """It is to be away from now on."""
        self.here = False

    async def begun(self) -> None:
        """Return when it is to be connected."""
        while not self.here:
            self._invited = asyncio.get_running_loop().create_future()
            await self._invited
        self.been = True
