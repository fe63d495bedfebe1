"""What nobody has thought of: generated frames, wrong frames and plays (``--generate``)."""

from harness.conformance.case_run import CaseRun
from harness.conformance.conditions import ACKS, DEVICES, ERROR_FRAMES, being
from harness.conformance.generated.acts import Cast, plays
from harness.conformance.generated.drafts import drafts
from harness.conformance.generated.lodging import Lodging
from harness.conformance.generated.play import Company
from harness.conformance.generated.refusals import Closings, Refusals
from harness.conformance.generated.spoiling import wrongs
from harness.conformance.generated.talk import Talk
from harness.conformance.generated.trial import Trial
from harness.conformance.generated.words import several
from harness.conformance.spec import Basis, case, negative
from harness.target import Profile
from schemas.modes import BadInput
from schemas.words import Role

TAKEN = (
    "in-type-word",
    "in-titletype-word",
    "ack-one-per-message",
    "ack-order",
    "ack-echo",
    "content-text",
    "content-image",
    "content-title",
    "ignore-unknown-member",
    "ignore-titletype",
    "null-is-absent",
    "receipt-acknowledged",
    "receipt-not-delivered",
    "sender-identity",
    "delivery-stored",
    "delivery-once",
    "delivery-order",
)

WRONG = (
    "refuse-json-syntax",
    "refuse-trailing-bytes",
    "refuse-nan",
    "refuse-non-object",
    "refuse-member-type",
    "refuse-unknown-type",
    "refuse-titletype",
    "refuse-empty-content",
)
UNHEARD = (
    "refusal-one-send",
    "refusal-keeps-connection",
    "refused-marks-nothing",
    "delivery-refused-never",
    "ack-one-per-message",
    "delivery-stored",
    "delivery-once",
    "delivery-order",
    "out-error-on-failure",
    "error-clean",
)
PLAYED = (
    "delivery-stored",
    "delivery-once",
    "delivery-order",
    "delivery-refused-never",
    "isolation",
    "same-msg",
    "sender-identity",
    "ack-one-per-message",
    "ack-order",
    "ack-echo",
    "content-text",
    "content-image",
    "content-title",
    "in-type-word",
    "in-titletype-word",
    "unread-count",
    "replay-count",
    "replay-unread",
    "replay-read-not",
    "device-echo",
    "receipt-acknowledged",
    "receipt-not-delivered",
    "refuse-unknown-type",
    "confirm-binds",
    "confirm-first-wins",
    "confirm-bound-refused",
    "assignment-unbinds",
    "assignment-foreign-refused",
    "staff-unbound-refused",
    "login-accepted",
)
CLOSES = being("dialect.on_bad_input", BadInput.CLOSE)


@case(*TAKEN, stands_on=Basis.DELIVERED)
def test_valid_frames_are_taken(case_run: CaseRun) -> None:
    """Whatever is valid is accepted however it is spelled, and arrives as it was said."""
    talk = Talk(case_run.bench.profile)
    Trial(case_run, talk, Lodging(case_run.door)).conduct(several(drafts(), 10))


@negative(*WRONG, *UNHEARD, when=(ACKS, ERROR_FRAMES), stands_on=Basis.DELIVERED)
def test_wrong_frames_are_refused(case_run: CaseRun) -> None:
    """Whatever is wrong is refused by one Send, nobody notices, and nothing changes."""
    refusals = Refusals(case_run.bench.profile)
    Trial(case_run, refusals, Lodging(case_run.door)).conduct(several(wrongs(), 8))


@negative(*WRONG, when=(CLOSES,), stands_on=Basis.LOGGED_IN)
def test_wrong_frames_close(case_run: CaseRun) -> None:
    """Where bad input ends the connection, whatever is wrong ends it with 1008 or 1007."""
    closings = Closings(case_run.bench.profile)
    Trial(case_run, closings, Lodging(case_run.door)).conduct(several(wrongs(), 3))


@case(*PLAYED, when=(ACKS,), stands_on=Basis.DELIVERED)
def test_a_play_of_one_conversation(case_run: CaseRun, profile: Profile) -> None:
    """A customer on several devices and two staff: what comes is what the contract says."""
    lodging = Lodging(case_run.door)
    devices = 2 if _may_have_devices(profile) else 1
    cast = Cast(
        customers=lodging.most(Role.CUSTOMER, 1), devices=devices, staff=lodging.most(Role.STAFF, 2)
    )
    Trial(case_run, Company(cast), lodging).conduct(plays())


@case(*PLAYED, when=(ACKS,), stands_on=Basis.DELIVERED)
def test_a_play_of_two_conversations(case_run: CaseRun) -> None:
    """Two customers and two staff: everybody gets what is theirs, once, in order, counted."""
    lodging = Lodging(case_run.door)
    cast = Cast(customers=lodging.require(Role.CUSTOMER, 2), staff=lodging.require(Role.STAFF, 2))
    Trial(case_run, Company(cast), lodging).conduct(plays())


def _may_have_devices(profile: Profile) -> bool:
    return DEVICES(profile) is None and profile.limits.max_connections_per_account != 1
