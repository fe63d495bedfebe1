"""Words for participants, made by faker before the run from the run's seed. Knows no connection."""

from faker import Faker

from harness.swarm.content import Lexicon, lexicon
from harness.swarm.plan import LoadPlan
from harness.target import Profile

TEXTS = 400
ANSWERS = 200


def prepare(plan: LoadPlan, profile: Profile) -> Lexicon:
    """The lexicon of a run: the same words for the same seed and locale."""
    faker = Faker(plan.locale)
    faker.seed_instance(plan.seed)
    texts = tuple(faker.sentence(nb_words=2 + number % 12) for number in range(TEXTS))
    answers = tuple(faker.sentence(nb_words=2 + number % 6) for number in range(ANSWERS))
    return lexicon(profile, texts, answers)
