"""Wrong frames in an open conversation: each is refused once, and nothing else comes of it."""

from harness.conformance.chatter import Chatter
from harness.conformance.conversation import Conversation
from harness.conformance.deliveries import fits
from harness.conformance.generated.drafts import message_of
from harness.conformance.generated.lexicon import Lexicon
from harness.conformance.generated.lodging import AttemptDoor
from harness.conformance.generated.spoiling import Wrong, must_be_refused, spoiled
from harness.conformance.generated.talk import client_judge, opened
from harness.conformance.listener import shown
from harness.conformance.stops import broken
from harness.error_leaks import leak_in
from harness.target import KeyStatus, Profile
from schemas.judge import FrameJudge
from schemas.messages import text
from schemas.modes import ReadReceipt

POLICY_VIOLATION, INVALID_DATA = 1008, 1007

Script = list[str]
Wrongs = tuple[Wrong, ...]


class Refusals:
    """Does a row of wrong frames: all are sent at once, then answers and effects are looked at."""

    def __init__(self, profile: Profile) -> None:
        self._judge = client_judge(profile)

    def perform(self, example: Wrongs, door: AttemptDoor, script: Script) -> None:
        """Send all of ``example``, as far as it must be refused."""
        conversation = opened(door)
        _Course(conversation, self._judge, script).send(example)
        conversation.reckon()
        conversation.end()


class Closings:
    """As :class:`Refusals` where bad input ends the connection: one frame on each."""

    def __init__(self, profile: Profile) -> None:
        self._judge = client_judge(profile)

    def perform(self, example: Wrongs, door: AttemptDoor, script: Script) -> None:
        """Send all of ``example``, a fresh customer's connection for each."""
        customer = door.customer()
        for wrong in example:
            for slug, data in _wrong_frames((wrong,), customer, self._judge, script):
                customer.channel.send_text(data, customer.patience())
                end = customer.channel.drain(customer.patience())
                if end is None or end.code not in (POLICY_VIOLATION, INVALID_DATA):
                    actual = str(end) if end else "an open connection"
                    raise broken(slug, "close 1008 or 1007", actual)
                customer = door.enter(customer.account)
        customer.catch_up()


def _wrong_frames(
    example: Wrongs, sender: Chatter, judge: FrameJudge, script: Script
) -> list[tuple[str, bytes]]:
    """Those of ``example`` that must be refused, with the clause; what they are is written down."""
    lexicon = Lexicon(sender.bench)
    receipts_alone = sender.bench.profile.dialect.read_receipt is ReadReceipt.EMPTY_CONTENT
    found = []
    for wrong in example:
        message = message_of(wrong.draft, lexicon, sender.sn, receipts=False)
        written = spoiled(message, wrong)
        slug = must_be_refused(written.encode(), judge)
        if slug is not None and (receipts_alone or slug != "refuse-empty-content"):
            script.append(f"{sender.account.role} sends {written[:300]!r} ({slug})")
            found.append((slug, written.encode()))
    return found


class _Course:
    def __init__(self, conversation: Conversation, judge: FrameJudge, script: Script) -> None:
        self._conversation = conversation
        self._judge = judge
        self._script = script
        dialect = conversation.bench.profile.dialect
        self._counts = conversation.bench.profile.status(
            "dialect.unread_scope"
        ) is not KeyStatus.OFF and dialect.read_receipt in (
            ReadReceipt.EMPTY_CONTENT,
            ReadReceipt.FLAG,
        )

    def send(self, example: Wrongs) -> None:
        customer, staff = self._conversation.customer, self._conversation.staff
        before = {
            each.sn: self._told(other, each)
            for each, other in ((customer, staff), (staff, customer))
        }
        for sender in (customer, staff):
            mine = tuple(w for w in example if w.draft.by_staff == (sender is staff))
            self._refused(sender, mine)
        for each, other in ((customer, staff), (staff, customer)):
            count = self._told(other, each)
            if self._counts and count != before[each.sn] + 1:
                raise broken(
                    "refused-marks-nothing",
                    f"NoReadQty {before[each.sn] + 1}",
                    count,
                    pointer="/NoReadQty",
                )

    def _told(self, sender: Chatter, receiver: Chatter) -> int:
        """The count that comes with a plain message, which is the next thing that comes."""
        mark, message = receiver.now, text(sender.bench.fresh("meanwhile"))
        sender.tell(message)
        receiver.receives_content(message)
        self._nothing_else(sender, receiver, mark)
        count = receiver.receives_one(sender, message, since=mark).frame.get("NoReadQty")
        return count if isinstance(count, int) else 0

    def _nothing_else(self, sender: Chatter, receiver: Chatter, mark: int) -> None:
        for event in receiver.received(sender, mark):
            if not any(fits(receiver.rules, said, event.msg) for said in sender.said):
                raise broken(
                    "delivery-refused-never", "nothing of it", "a Receive", frame=shown(event)
                )

    def _refused(self, sender: Chatter, mine: Wrongs) -> None:
        frames = _wrong_frames(mine, sender, self._judge, self._script)
        sent = [(slug, sender.say_bytes(data)) for slug, data in frames]
        for slug, each in sent:
            if leak := leak_in(sender.refused(each, slug)):
                found = broken("error-clean", "no sign of the server's inside", leak).finding
                sender.evidence.report(found)  # no reason to stop, least of all where it is off
        end = sender.channel.ended
        if end is not None:
            raise broken("refusal-keeps-connection", "an open connection", f"ended by {end}")
