"""The database of runs: SQLite in a file, or any other that SQLAlchemy reaches by URL.

A run is kept as its whole log, compressed, so that it can be compared as if its folder were at
hand; its figures stand beside it for trends. Knows no statistics.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
    inspect,
    make_url,
    select,
    update,
)
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from harness.comparison.quantities import Standing, quantities
from harness.errors import UnknownName, UsageError
from schemas.history import RecordedRun
from schemas.run_log import RUN_LOG, Run, assemble
from schemas.verdicts import Verdict

VERSION = 1

_METADATA = MetaData()
_ABOUT = Table("chatsocket_history", _METADATA, Column("version", Integer, primary_key=True))
_RUNS = Table(
    "runs",
    _METADATA,
    Column("number", Integer, primary_key=True),
    Column("run_id", String(100), unique=True, nullable=False),
    Column("started", String(40), nullable=False),
    Column("target", String(2_000), nullable=False),
    Column("kind", String(2_000), nullable=False),
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


class History:
    """An open history. Every method raises UsageError when the database fails."""

    def __init__(self, engine: Engine, shown: str) -> None:
        self._engine, self._shown = engine, shown

    @classmethod
    def open(cls, where: str, *, create: bool = False) -> "History":
        """The history in the file, or at the database URL, ``where``.

        UsageError when there is none (unless it may be made), or it is not one of ours.
        """
        url = where if "://" in where else f"sqlite:///{where}"
        try:
            shown = make_url(url).render_as_string(hide_password=True)
            engine = create_engine(url)
        except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
            raise UsageError(
                "there is no driver for that database URL",
                "give a file, or a URL such as postgresql://user@host/name with its driver there",
            ) from None
        shown = where if "://" not in where else shown
        if "://" not in where and not create and not Path(where).exists():
            raise UsageError(f"there is no history {where}", "chatsocket history add makes one")
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
        found = quantities(run)
        with self._database() as engine, engine.begin() as connection:
            try:
                connection.execute(insert(_RUNS).values(row))
            except IntegrityError:
                raise UsageError(f"{self._shown} has the run {run.header.run_id} already") from None
            known = select(_RUNS.c.number).where(_RUNS.c.run_id == run.header.run_id)
            number = connection.execute(known).scalar_one()
            figures = [
                {"run": number, "quantity": name, "value_us": quantity.value_us}
                for name, quantity in found.items()
                if quantity.standing is Standing.MEASURED
            ]
            if figures:
                connection.execute(insert(_FIGURES), figures)

    def accept(self, run_id: str) -> None:
        """Make the run a baseline. UnknownName when there is none of that id."""
        with self._database() as engine, engine.begin() as connection:
            named = update(_RUNS).where(_RUNS.c.run_id == run_id).values(accepted=True)
            if connection.execute(named).rowcount:
                return
            known = connection.execute(select(_RUNS.c.run_id)).scalars().all()
        raise UnknownName("run in this history", run_id, known)

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
        """What the runs of ``kind`` measured in µs: by quantity, then by run id."""
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
        return [assemble(zlib.decompress(log).splitlines(), Path(self._shown)) for log in logs]

    def _prepare(self, *, create: bool) -> None:
        with self._database() as engine:
            tables = inspect(engine).get_table_names()
            if _ABOUT.name not in tables:
                if tables or not create:
                    raise UsageError(f"{self._shown} is no history of runs", "choose another")
                _METADATA.create_all(engine)
                with engine.begin() as connection:
                    connection.execute(insert(_ABOUT).values(version=VERSION))
            with engine.begin() as connection:
                version = connection.execute(select(_ABOUT.c.version)).scalar()
        if version != VERSION:
            raise UsageError(
                f"{self._shown} is a history of version {version}; this program reads {VERSION}",
                "use the version of chatsocket that wrote it, or begin another",
            )

    @contextmanager
    def _database(self) -> Iterator[Engine]:
        try:
            yield self._engine
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or type(error).__name__)
            raise UsageError(
                f"the history {self._shown} cannot be used: {reason.splitlines()[0]}",
                "choose another, or see that the database can be reached",
            ) from None
