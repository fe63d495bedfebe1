"""Users of one's own: what a locustfile names to be played instead of our customers and staff.

The file is Python and runs where it is loaded, so only a path that was given on this machine is
ever taken. Any file for ``locust -f`` will do that has subclasses of ``CustomerUser`` or
``StaffUser``; of these, what plays them counts, for how many there are is the population's.
"""

import hashlib
import importlib.util
import sys
import traceback
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType

from locust import User

from harness.errors import UsageError, one_line
from harness.swarm.customer import Customer
from harness.swarm.participant import Participant
from harness.swarm.staff import Staff
from harness.swarm.swarm import Populations
from scenarios.slots import CustomerUser, ParticipantUser, StaffUser, played_by
from schemas.words import Role

_OURS: dict[Role, type[Participant]] = {Role.CUSTOMER: Customer, Role.STAFF: Staff}
_DIGITS = 12


def populations_of(path: str) -> Populations:
    """Who plays the two sides; ours for no ``path``. UsageError when the file cannot say."""
    return played_by(_users_of(path)) if path else Populations()


def digest_of(path: str) -> str:
    """Equal files have equal digests; "" for none. UsageError when it is unreadable."""
    return hashlib.sha256(_read(path)).hexdigest()[:_DIGITS] if path else ""


def _users_of(path: str) -> list[type[User]]:
    shipped = {CustomerUser, StaffUser}
    named = [each for each in vars(_module(path)).values() if _is_user(each)]
    users = [each for each in dict.fromkeys(named) if each not in shipped]
    if not users:
        raise UsageError(
            f"{path} has no users of its own",
            "make a subclass of scenarios.slots.CustomerUser or StaffUser, with a participant",
        )
    for role in Role:
        _check(path, role, [each for each in users if each.role is role])
    return list(users)


def _is_user(found: object) -> bool:
    return isinstance(found, type) and issubclass(found, ParticipantUser) and not found.abstract


def _check(path: str, role: Role, users: "list[type[ParticipantUser]]") -> None:
    if len(users) > 1:
        names = ", ".join(each.__name__ for each in users)
        raise UsageError(f"{path} has {len(users)} kinds of {role}: {names}", "leave one of them")
    for user in users:
        if not issubclass(user.participant, _OURS[role]):
            raise UsageError(
                f"{path}: the participant of {user.__name__} is no {_OURS[role].__name__}",
                f"derive it from {_OURS[role].__module__}.{_OURS[role].__name__}",
            )


def _module(path: str) -> ModuleType:
    source, folder = _read(path), str(Path(path).parent.absolute())
    if folder not in sys.path:  # as Locust does, for what lies beside the file
        sys.path.insert(0, folder)
    name = f"locustfile_{Path(path).stem}"
    spec = importlib.util.spec_from_loader(name, loader=None, origin=path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    module.__file__ = path
    sys.modules[name] = module
    try:
        with redirect_stdout(sys.stderr):  # our stdout is read line by line by our parent
            exec(compile(source, path, "exec"), vars(module))  # noqa: S102 - the user's own code
    except (Exception, SystemExit) as error:
        raise UsageError(f"{path} cannot be loaded: {_told(error, path)}") from None
    return module


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read the locustfile {path}: {error.strerror}") from None


def _told(error: BaseException, path: str) -> str:
    line = error.lineno if isinstance(error, SyntaxError) else None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == path:
            line = frame.lineno
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {one_line(text)}" + (f" (line {line})" if line else "")
