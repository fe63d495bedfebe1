"""A capacity search on the terminal and as ``capacity.md``. Decides nothing."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports import figures
from reports.capacity_levels import TRIAL_TONE, levels, result_of, value_of, verdict_tone
from reports.plain_text import markdown as escaped
from reports.plain_text import one_line
from reports.symbols import SYMBOL, Tone
from schemas.capacity import Capacity, Ending, Of, TrialReport, shown

_STYLE = {Tone.GOOD: "green", Tone.BAD: "red", Tone.DOUBT: "yellow", Tone.CALM: "dim"}
_LINE_CHARS = 300
_CELL_CHARS = 60
_MOST_LEVELS = 40


def headline(found: Capacity) -> str:
    """The answer in one line."""
    if found.recovers is False:
        before, after = shown(found.held_before, found.of), shown(found.held, found.of)
        return f"Does not recover: {before} before it was overloaded, {after} after it"
    if found.held is None:
        bad = found.ending is Ending.START_FAILED
        return "Bears less than the start" if bad else "Nothing was decided"
    held = shown(found.held, found.of)
    if found.failed is None:
        return f"At least {held}"
    return f"Between {held} and {shown(found.failed, found.of)}"


def trial_line(trial: TrialReport, of: Of) -> str:
    """One finished trial as a line of progress."""
    words = [f"{result.text}: {value_of(result)}" for result in trial.results]
    why = f" ({trial.note})" if trial.note else ""
    figures_ = f" [{'; '.join(words)}]" if words else ""
    length = figures.duration(trial.duration_s)
    return (
        f"trial {trial.number}: {shown(trial.level, of)} for {length}, seed {trial.seed}:"
        f" {trial.outcome}{why}{figures_}"
    )


def print_capacity(found: Capacity, console: Console) -> None:
    """The answer, its reasons, and every level with what was measured there."""
    tone = verdict_tone(found)
    console.print(Text(f"{SYMBOL[tone]} {headline(found)}", style=f"bold {_STYLE[tone]}"))
    for reason in found.reasons:
        word, colon, rest = one_line(reason, _LINE_CHARS).partition(":")
        console.print(Text.assemble("  ", (word, "bold"), colon, rest), soft_wrap=True)
    if found.trials:
        console.print()
        console.print(_table(found), crop=False)
    console.print(Text(f"  seed {found.seed}, one more for each trial", style="dim"))


def _table(found: Capacity) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for place, head in enumerate(_heads(found)):
        table.add_column(head, justify="left" if place == 1 else "right", no_wrap=True)
    for view in levels(found):
        cells = [Text(one_line(cell, _CELL_CHARS)) for cell in _cells(view.level, found)]
        cells[0].stylize(_STYLE[view.tone])
        table.add_row(*cells)
    return table


def _heads(found: Capacity) -> list[str]:
    return [str(found.of), "trials", *found.slos]


def _cells(level: float, found: Capacity) -> list[str]:
    view = next(each for each in levels(found) if each.level == level)
    return [f"{SYMBOL[view.tone]} {shown(level, found.of)}", view.outcomes, *view.values]


def render_markdown(found: Capacity) -> str:
    """``capacity.md``: the answer, its reasons, a table of levels."""
    tone = verdict_tone(found)
    lines = [f"## {SYMBOL[tone]} {headline(found)}", ""]
    lines += [f"- {escaped(one_line(reason, _LINE_CHARS))}" for reason in found.reasons]
    heads = _heads(found)
    lines += ["", f"| {' | '.join(map(escaped, heads))} |", f"|{'---|' * len(heads)}"]
    for view in list(levels(found))[:_MOST_LEVELS]:
        row = (escaped(one_line(cell, _CELL_CHARS)) for cell in _cells(view.level, found))
        lines.append(f"| {' | '.join(row)} |")
    lines += ["", f"Target {escaped(one_line(found.target, _LINE_CHARS))}, seed {found.seed}."]
    return "\n".join(lines) + "\n"


def trial_cells(trial: TrialReport, found: Capacity) -> list[str]:
    """One trial as a row: number, level, outcome, length, seed, values."""
    return [
        str(trial.number),
        shown(trial.level, found.of),
        f"{SYMBOL[TRIAL_TONE[trial.outcome]]} {trial.outcome}",
        figures.duration(trial.duration_s),
        str(trial.seed),
        *(value_of(result_of(text, trial)) for text in found.slos),
    ]
