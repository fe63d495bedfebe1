"""A comparison of runs on the terminal and as ``comparison.md``. Decides nothing."""

from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports import figures
from reports.plain_text import markdown as escaped
from reports.plain_text import one_line
from reports.symbols import DIRECTION_TONE, SHIFT_TONE, SYMBOL, Tone
from schemas.comparison import BehaviourChange, CaseChange, Compared, Comparison

_STYLE = {Tone.GOOD: "green", Tone.BAD: "red", Tone.DOUBT: "yellow", Tone.CALM: "dim"}
_CASES, _CHOICES, _LATENCIES = 12, 8, 20
_LINE_CHARS = 300
_HEADS = ("latency", "base, ms", "candidate, ms", "change", "90 % interval", "verdict", "why")


def print_comparison(found: Comparison, console: Console) -> None:
    """The verdict with its reasons, then latencies, cases and choices that moved."""
    tone = DIRECTION_TONE[found.direction]
    head = Text(f"{SYMBOL[tone]} {found.direction.capitalize()}", style=f"bold {_STYLE[tone]}")
    head.append(
        f"  {_runs(len(found.candidate))} against {len(found.base)}", style="not bold default"
    )
    console.print(head)
    for reason in _reasons(found):
        word, colon, rest = one_line(reason, _LINE_CHARS).partition(":")
        console.print(Text.assemble("  ", (word, "bold"), colon, rest), soft_wrap=True)
    if found.latencies:
        console.print()
        console.print(_table(found), crop=False)
    whys = _whys(found.latencies)
    for line in (*whys, *_cases(found.cases), *_choices(found.behaviour)):
        console.print(line, soft_wrap=True)


def _reasons(found: Comparison) -> list[str]:
    """Those of latencies as they are, and of cases, which are listed below, how many."""
    shifts = Counter(each.shift for each in found.cases)
    own = [each for each in found.reasons if each.partition(":")[0] not in shifts]
    counted = [
        f"{shift}: {number} {'case' if number == 1 else 'cases'}"
        for shift, number in shifts.items()
    ]
    return [*own, *counted]


def _runs(number: int) -> str:
    return f"{number} {'run' if number == 1 else 'runs'}"


def _table(found: Comparison) -> Table:
    """Every quantity that has a value on either side."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for place, head in enumerate(_HEADS[:-1]):
        table.add_column(head, justify="right" if 0 < place < 5 else "left", no_wrap=True)
    for each in found.latencies:
        if each.base_us is not None or each.candidate_us is not None:
            cells = [Text(cell) for cell in latency_cells(each)[:-1]]
            cells[-1].stylize(_STYLE[DIRECTION_TONE[each.direction]])
            table.add_row(*cells)
    return table


def _whys(latencies: list[Compared]) -> Iterator[Text]:
    """Each reason once, with all the quantities that it holds for."""
    whys: dict[str, list[str]] = {}
    for each in latencies:
        why = latency_cells(each)[-1]
        if why:
            whys.setdefault(why, []).append(each.name)
    for why, names in whys.items():
        yield Text(f"  {', '.join(names)}: {why}", style="dim")


def latency_cells(each: Compared) -> list[str]:
    """One quantity as a row: name, base, candidate, change, interval, verdict, why."""
    needed = f"{each.runs_needed} runs a side would decide" if each.runs_needed else ""
    return [
        each.name,
        figures.milliseconds(each.base_us),
        figures.milliseconds(each.candidate_us),
        figures.change(each.change),
        figures.interval(each.low, each.high),
        f"{SYMBOL[DIRECTION_TONE[each.direction]]} {each.direction}",
        one_line("; ".join(part for part in (each.note, needed) if part), _LINE_CHARS),
    ]


def _cases(changes: list[CaseChange]) -> Iterator[Text]:
    if changes:
        yield Text("\ncases", style="bold")
    for change in changes[:_CASES]:
        tone = SHIFT_TONE[change.shift]
        line = Text(f"  {SYMBOL[tone]} {change.shift} ", style=_STYLE[tone])
        line.append(one_line(change.id, _LINE_CHARS), style="default")
        line.append(f"  {one_line(change.message, _LINE_CHARS)}", style="dim")
        yield line
    yield from _rest(len(changes) - _CASES, "cases")


def _choices(changes: list[BehaviourChange]) -> Iterator[Text]:
    if changes:
        yield Text("\nchoices that the page leaves open, made differently", style="bold")
    for change in changes[:_CHOICES]:
        before, after = (
            one_line(" | ".join(ways) or "–", _LINE_CHARS) for ways in (change.gone, change.new)
        )
        yield Text(f"  {one_line(change.choice, _LINE_CHARS)}: {before} → {after}")
    yield from _rest(len(changes) - _CHOICES, "choices")


def _rest(number: int, what: str) -> Iterator[Text]:
    if number > 0:
        yield Text(f"  … and {number} more {what} in comparison.json", style="dim")


def render_markdown(found: Comparison) -> str:
    """``comparison.md``: the verdict, then a table of latencies and lists of what moved."""
    tone = DIRECTION_TONE[found.direction]
    lines = [f"## {SYMBOL[tone]} {found.direction.capitalize()}", ""]
    lines += [f"- {escaped(one_line(reason, _LINE_CHARS))}" for reason in _reasons(found)]
    if found.latencies:
        lines += ["", f"| {' | '.join(_HEADS)} |", f"|{'---|' * len(_HEADS)}"]
        rows = (latency_cells(each) for each in found.latencies[:_LATENCIES])
        lines += [f"| {' | '.join(map(escaped, row))} |" for row in rows]
    for text in (*_cases(found.cases), *_choices(found.behaviour)):
        plain = text.plain
        lines += (
            ["", f"### {plain.strip()}", ""]
            if plain.startswith("\n")
            else [f"- {escaped(plain.strip())}"]
        )
    return "\n".join(lines) + "\n"
