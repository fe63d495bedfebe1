"""Words for participants, made by faker before the run from the run's seed. Knows no connection."""

from collections.abc import Sequence
from itertools import cycle, islice

from faker import Faker

from harness.swarm.content import Lexicon, lexicon
from harness.swarm.plan import LoadPlan
from harness.target import Profile

TEXTS = 400
ANSWERS = 200
_MOST_WORDS = 200


def prepare(plan: LoadPlan, profile: Profile) -> Lexicon:
    """The lexicon of a run: the same words for the same seed, languages and lengths."""
    fakers = [Faker(locale) for locale in plan.locales]
    for faker in fakers:
        faker.seed_instance(plan.seed)
    texts = _sentences(fakers, TEXTS, plan.customer.text_chars)
    answers = _sentences(fakers, ANSWERS, plan.service.answer_chars)
    return lexicon(profile, texts, answers)


def _sentences(fakers: Sequence[Faker], how_many: int, chars: tuple[int, int]) -> tuple[str, ...]:
    """Sentences in turn from each faker, of every length in ``chars`` and more short ones."""
    least, most = chars
    lengths = (
        round(least * (most / least) ** (number / max(how_many - 1, 1)))
        for number in range(how_many)
    )
    speakers = islice(cycle(fakers), how_many)
    return tuple(_of_length(faker, n) for faker, n in zip(speakers, lengths, strict=True))


def _of_length(faker: Faker, chars: int) -> str:
    parts: list[str] = []
    missing = chars
    while missing > 0:
        parts.append(faker.sentence(nb_words=min(max(missing // 4, 2), _MOST_WORDS)))
        missing -= len(parts[-1]) + 1
    return " ".join(parts)[:chars].rstrip().ljust(chars, ".")
