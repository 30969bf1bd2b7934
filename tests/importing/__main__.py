"""Print how well documents of every layout are read: ``python -m tests.importing``."""

from __future__ import annotations

from kdcl_xl.docx.read import read_document
from kdcl_xl.importing.importer import Options, understand
from tests.importing.layouts import LAYOUTS, NOT_SAID
from tests.importing.measure import Score, compare_rows
from tests.importing.tasks import synthetic_plan
from workbook_templates.regulation import builtin_catalogue

SEEDS = 3


def score_of(name: str, seed: int) -> Score:
    """Return the score of one document."""
    form, make = LAYOUTS[name]
    plan = synthetic_plan(form, seed)
    made = understand(read_document(make(plan)), builtin_catalogue(), Options(source=name))
    left_out = NOT_SAID.get(name, frozenset())
    truths = [{k: v for k, v in task.truth.items() if k not in left_out} for task in plan.tasks]
    if name == "eleven_columns":
        for truth in truths:
            if truth.get("deadline") == "to be marked":
                del truth["deadline"]
    score = compare_rows(made, "plan", truths)
    if form == "2026":
        score.add(compare_rows(made, "problems", [dict(row) for row in plan.problems]))
    return score


def main() -> None:
    """Print a line for each layout, and the faults."""
    total = Score()
    print(f"{'layout':28} expected  right marked missing wrong")
    for name in LAYOUTS:
        whole = Score()
        for seed in range(SEEDS):
            whole.add(score_of(name, seed))
        print(
            f"{name:28} {whole.expected:8} {whole.right:6} {whole.marked:6} {whole.missing:7} "
            f"{whole.wrong:5}"
        )
        for fault in whole.faults[:4]:
            print("   ", fault)
        total.add(whole)
    print(
        f"{'all':28} {total.expected:8} {total.right:6} {total.marked:6} {total.missing:7} "
        f"{total.wrong:5}"
    )


if __name__ == "__main__":
    main()
