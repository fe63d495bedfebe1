"""How much is generated: levels, their budgets, and the seed. Knows neither chat nor hypothesis."""

import msgspec

from schemas.generate import Generate

__all__ = ["BUDGETS", "Budget", "Generate", "Generation"]

PATIENCE = 20
"""So many times as long may take what is to be repeated exactly, however slow the machine."""


class Budget(msgspec.Struct, frozen=True):
    """What one case may spend: ``examples`` at most and ``search_s`` seconds to find a failure,
    then ``shrink_s`` to make it small. The examples decide on every machine that is fast enough.
    """

    examples: int
    search_s: float
    shrink_s: float


BUDGETS = {
    Generate.OFF: Budget(0, 0, 0),
    Generate.QUICK: Budget(16, 0.7, 8),
    Generate.NORMAL: Budget(300, 20, 20),
    Generate.DEEP: Budget(5_000, 300, 120),
}


class Generation(msgspec.Struct, frozen=True):
    """What the user asked for. The same ``seed`` at the same ``level`` tries the same examples.

    ``patient``: a repetition, which time does not cut short before it has come as far again.
    """

    level: Generate = Generate.QUICK
    seed: int = 1
    patient: bool = False

    @property
    def budget(self) -> Budget:
        """What each case may spend."""
        budget = BUDGETS[self.level]
        if not self.patient:
            return budget
        return msgspec.structs.replace(budget, search_s=budget.search_s * PATIENCE)

    def __str__(self) -> str:
        return f"--generate {self.level} --seed {self.seed}"
