"""The database of runs: SQLite in a file, or any other that SQLAlchemy reaches by URL.

A run is kept as its whole log, compressed, so that it can be compared as if its folder were at
hand; its figures stand beside it for trends. Knows no statistics.
"""

import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    func,
    insert,
    inspect,
    make_url,
    select,
    update,
)
from sqlalchemy.engine import Inspector
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from harness.comparison.comparable import demand_whole
from harness.comparison.quantities import Standing, quantities
from harness.errors import UnknownName, UsageError
from schemas.history import RecordedRun
from schemas.run_log import RUN_LOG, Run, assemble
from schemas.verdicts import Outcome, Verdict

VERSION = 1

_PATIENCE_S = 30.0
_LOCK = (
    0x63686174  # of an advisory lock of PostgreSQL's: any number that no one else is likely to take
)

_POSTGRESQL = "postgresql+psycopg"

CASES = "conformance."
"""How quantities begin that count cases, as figures of thresholds do."""

_COUNTED = (Outcome.PASSED, Outcome.FAILED)

_METADATA = MetaData()
_ABOUT = Table("chatsocket_history", _METADATA, Column("version", Integer, primary_key=True))
_RUNS = Table(
    "runs",
    _METADATA,
    Column("number", Integer, primary_key=True),
    Column("run_id", String(100), unique=True, nullable=False),
    Column("started", String(40), nullable=False),
    Column("target", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("verdict", String(20)),
    Column("accepted", Boolean, nullable=False, default=False),
    Column("log", LargeBinary, nullable=False),
)
_FIGURES = Table(
    "figures",
    _METADATA,
    Column("run", ForeignKey("runs.number"), primary_key=True),
    Column("quantity", String(100), primary_key=True),
    Column("value_us", Float, nullable=False),
)


def _figures(run: Run) -> dict[str, float]:
    """What trends show of ``run``; of a partial one nothing, for its counts would be too low."""
    if run.partial:
        return {}
    found = {
        name: quantity.value_us
        for name, quantity in quantities(run).items()
        if quantity.standing is Standing.MEASURED
    }
    if run.cases:
        counts = Counter(case.outcome for case in run.cases)
        found |= {f"{CASES}{outcome}": float(counts[outcome]) for outcome in _COUNTED}
    return found


def _url(where: str) -> str:
    """A file as a URL of SQLAlchemy's, and PostgreSQL with the one driver that the extra brings."""
    if "://" not in where:
        return f"sqlite:///{where}"
    scheme, _, rest = where.partition("://")
    return f"{_POSTGRESQL}://{rest}" if scheme in ("postgresql", "postgres") else where


def _waiting(url: str) -> dict[str, float]:
    """How long to wait while another process writes; a database server knows for itself."""
    return {"timeout": _PATIENCE_S} if url.startswith("sqlite") else {}


def _lock(connection: Connection) -> None:
    """Let nobody else make tables until this transaction ends."""
    match connection.dialect.name:
        case "sqlite":  # whose driver opens no transaction for the making of tables
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        case "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _none_yet(where: str) -> UsageError:
    return UsageError(f"there is no history {where}", "chatsocket history add makes one")


def _driver_advice(url: str) -> str:
    if url.startswith(f"{_POSTGRESQL}:") and find_spec("psycopg") is None:
        return "install its driver: pip install 'chatsocket-harness[postgresql]'"
    return "give a file, or a URL such as postgresql://user@host/name with its driver installed"


class History:
    """An open history. Every method raises UsageError when the database fails.

    ``shown`` is where it is, without a password.
    """

    def __init__(self, engine: Engine, shown: str) -> None:
        self._engine, self.shown = engine, shown

    @classmethod
    def open(cls, where: str, *, create: bool = False) -> "History":
        """The history in the file, or at the database URL, ``where``.

        UsageError when there is none (unless it may be made), or it is not one of ours.
        """
        url = _url(where)
        try:
            shown = make_url(url).render_as_string(hide_password=True)
            engine = create_engine(url, poolclass=NullPool, connect_args=_waiting(url))
        except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
            raise UsageError("that database URL cannot be used", _driver_advice(url)) from None
        shown = where if "://" not in where else shown
        if "://" not in where and not create and not Path(where).exists():
            raise _none_yet(where)
        history = cls(engine, shown)
        history._prepare(create=create)
        return history

    def add(self, folder: Path, run: Run, kind: str, verdict: Verdict | None) -> None:
        """Keep ``run``, whose log lies in ``folder``. UsageError when it is there already."""
        row = {
            "run_id": run.header.run_id,
            "started": run.header.started,
            "target": run.header.target.url,
            "kind": kind,
            "verdict": verdict,
            "accepted": False,
            "log": zlib.compress((folder / RUN_LOG).read_bytes()),
        }
        with self._database() as engine, engine.begin() as connection:
            try:
                connection.execute(insert(_RUNS).values(row))
            except IntegrityError:
                raise UsageError(f"{self.shown} has the run {run.header.run_id} already") from None
            known = select(_RUNS.c.number).where(_RUNS.c.run_id == run.header.run_id)
            number = connection.execute(known).scalar_one()
            figures = [
                {"run": number, "quantity": name, "value_us": value}
                for name, value in _figures(run).items()
            ]
            if figures:
                connection.execute(insert(_FIGURES), figures)

    def accept(self, run_id: str) -> None:
        """Make the run a baseline. UnknownName when there is none of that id.

        UsageError where it did not go to its end: nothing can be held against it.
        """
        with self._database() as engine, engine.begin() as connection:
            kept = connection.execute(select(_RUNS.c.log).where(_RUNS.c.run_id == run_id)).scalar()
            if kept is not None:
                demand_whole(self._run(kept))
                named = update(_RUNS).where(_RUNS.c.run_id == run_id).values(accepted=True)
                connection.execute(named)
                return
            known = connection.execute(select(_RUNS.c.run_id)).scalars().all()
        raise UnknownName("run in this history", run_id, known)

    def run(self, run_id: str) -> RecordedRun:
        """The kept run of that id. UnknownName when there is none."""
        for runs in self.runs().values():
            for run in runs:
                if run.run_id == run_id:
                    return run
        raise UnknownName("run in this history", run_id, [])

    def runs(self) -> dict[str, list[RecordedRun]]:
        """Every run by its kind, oldest first."""
        found: dict[str, list[RecordedRun]] = {}
        with self._database() as engine, engine.begin() as connection:
            columns = [column for column in _RUNS.c if column.name != "log"]
            for row in connection.execute(select(*columns).order_by(_RUNS.c.started)):
                found.setdefault(row.kind, []).append(
                    RecordedRun(
                        run_id=row.run_id,
                        started=row.started,
                        target=row.target,
                        verdict=Verdict(row.verdict) if row.verdict else None,
                        accepted=row.accepted,
                    )
                )
        return found

    def figures(self, kind: str) -> Mapping[str, Mapping[str, float]]:
        """What the runs of ``kind`` measured: by quantity, then by run id.

        In µs; what begins with :data:`CASES` is a number of cases.
        """
        found: dict[str, dict[str, float]] = {}
        wanted = select(_FIGURES.c.quantity, _RUNS.c.run_id, _FIGURES.c.value_us)
        wanted = wanted.join(_RUNS, _FIGURES.c.run == _RUNS.c.number).where(_RUNS.c.kind == kind)
        with self._database() as engine, engine.begin() as connection:
            for quantity, run_id, value_us in connection.execute(wanted):
                found.setdefault(quantity, {})[run_id] = value_us
        return found

    def accepted(self, kind: str, most: int) -> Sequence[Run]:
        """The latest accepted runs of ``kind``, at most so many, the newest first."""
        wanted = select(_RUNS.c.log).where(_RUNS.c.kind == kind, _RUNS.c.accepted)
        wanted = wanted.order_by(_RUNS.c.started.desc()).limit(most)
        with self._database() as engine, engine.begin() as connection:
            logs = connection.execute(wanted).scalars().all()
        return [self._run(log) for log in logs]

    def _run(self, kept: bytes) -> Run:
        return assemble(zlib.decompress(kept).splitlines(), Path(self.shown))

    def _prepare(self, *, create: bool) -> None:
        with self._database() as engine:
            if not self._is_made(inspect(engine)):
                if not create:
                    raise _none_yet(self.shown)
                with engine.begin() as connection:
                    self._make(connection)
            with engine.begin() as connection:
                version = connection.execute(select(_ABOUT.c.version)).scalar()
        if version != VERSION:
            raise UsageError(
                f"{self.shown} is a history of version {version}; this program reads {VERSION}",
                "use the version of chatsocket that wrote it, or begin another",
            )

    def _is_made(self, inspector: Inspector) -> bool:
        """Whether there is a history; UsageError when there is something else."""
        tables = inspector.get_table_names()
        if tables and _ABOUT.name not in tables:
            raise UsageError(f"{self.shown} is no history of runs", "choose another")
        return bool(tables)

    def _make(self, connection: Connection) -> None:
        """Make the tables, unless somebody else does so at this very moment."""
        _lock(connection)
        if not self._is_made(inspect(connection)):
            _METADATA.create_all(connection)
            connection.execute(insert(_ABOUT).values(version=VERSION))

    @contextmanager
    def _database(self) -> Iterator[Engine]:
        try:
            yield self._engine
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or type(error).__name__)
            raise UsageError(
                f"the history {self.shown} cannot be used: {reason.splitlines()[0]}",
                "choose another, or see that the database can be reached",
            ) from None
