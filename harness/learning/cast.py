"""Who plays: the customer, the staff member who takes the case, and a second customer.

Keeps the two of them on living connections. Knows no mode but how staff came to its case.
"""

from harness.errors import HarnessError
from harness.learning.line import Line
from harness.learning.visit import Said, Visit
from harness.target import Account, AccountSource
from schemas.messages import InMsg, is_receipt
from schemas.modes import Binding
from schemas.words import Role


class Cast:
    """The participants of ``visit``. ``customer`` is there always, ``staff`` once it came in.

    ``binding`` is None until a staff connection has proven to be bound to the customer.
    """

    def __init__(self, visit: Visit, customer: Line, accounts: AccountSource) -> None:
        self.visit = visit
        self.customer = customer
        self.staff: Line | None = None
        self.binding: Binding | None = None
        self.staff_account = _nth(accounts, Role.STAFF, 0)
        self.other_customer = _nth(accounts, Role.CUSTOMER, 1)
        self.refused_type: Said | None = None
        self.confirmed: Said | None = None
        self.confirm_arrived: bool | None = None

    @property
    def attendant(self) -> Line | None:
        """The staff member who is bound to the customer, if any is, on a living connection."""
        bound = self.binding is not None and self.staff is not None
        return self.staff if bound and self.staff is not None and not self.staff.ended else None

    def customer_says(self, message: InMsg) -> Said:
        """Say it as the customer, who comes back where the target has closed the connection."""
        if self.customer.ended is not None:
            self.customer = self.visit.enter(self.customer.account)
        heard_by = self.staff if self.staff is not None and self.staff.ended is None else None
        return self.visit.say(self.customer, message, None if is_receipt(message) else heard_by)

    def staff_says(self, message: InMsg) -> Said:
        """Say it as staff; HarnessError when there is none, which is a fault of ours."""
        if self.staff is None:
            raise HarnessError("no staff is logged in")
        heard_by = self.customer if self.customer.ended is None else None
        return self.visit.say(self.staff, message, heard_by)

    def staff_enters(self) -> Line | None:
        """A staff connection, meant for the customer where URLs bind; None without an account.

        Raises TargetUnavailable where the target does not let it in.
        """
        if self.staff_account is None:
            return None
        self.staff = self.visit.enter(self.staff_account, self.customer.account.sn)
        return self.staff


def _nth(accounts: AccountSource, role: Role, number: int) -> Account | None:
    available = accounts.available(role)
    if available is not None and available <= number:
        return None
    return accounts.take(role, 1, number)[0]
