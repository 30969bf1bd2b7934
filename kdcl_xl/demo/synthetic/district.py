"""A whole synthetic district: a list of schools, their returned files, and their faults.

Three of four schools send a good plan or one with faults of its rows; the fourth is
missing, sends twice, sends another file … The expected findings are returned as data
and written beside the files.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path

from kdcl_xl.demo.synthetic import words as w
from kdcl_xl.demo.synthetic.faults import FAULTS, FIRST_FAULTY, Spot
from kdcl_xl.demo.synthetic.plans import Draft, Sentences, good_draft, workbook_of
from kdcl_xl.demo.synthetic.reword import reworded, saved_at
from kdcl_xl.district.model.model import District, InputState
from kdcl_xl.district.model.school_state import State
from kdcl_xl.files import ProgressBar, base_name, write_whole
from kdcl_xl.schools import School
from kdcl_xl.template.issue import kind_of, stamp_for
from macros_free_validation.rules.across import OWNER_IN_DOUBT
from macros_free_validation.rules.workbook import CODE_CHANGED
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.school_kind import SchoolKind
from workbook_templates.school_year import SchoolYear

SEED = 57
AUTHORITY = "Phòng Văn hóa - Xã hội xã Suối Xanh"
SCHOOLS_FILE, RETURNED, MANIFEST_FILE = "truong.csv", "ban-nop", "sai-sot.json"
DENSE = 60
"""The first schools, of which every second has a fault; of the others few have."""
FAULTS_A_SCHOOL = 3
COPIED, SHARED = 5, 2
"""Tasks that a copied plan takes from another plan, and that two honest plans may share."""
_SHARES = {"mam_non": 30, "tieu_hoc": 33, "thcs": 27, "th_thcs": 10}
"""Percent of each kind of school in this example, by id: those whose plans a commune receives."""


@dataclass(frozen=True, slots=True)
class Planted:
    """An expected finding: the file, and the place in it as a report names it."""

    file: str
    rule: str
    sheet: str | None = None
    cell: str | None = None


@dataclass
class Manifest:
    """The findings that a merge of the district must have; it must have no others."""

    seed: int
    school_year: str
    today: date
    planted: list[Planted] = field(default_factory=list)
    states: dict[str, State] = field(default_factory=dict)
    """The expected state of each school, in the list or not, by code."""
    left_out: dict[str, InputState] = field(default_factory=dict)
    """Files that are logged and not merged, though they can be read."""

    def as_json(self) -> str:
        """Return the manifest in the form in which it is written beside the files."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, default=str) + "\n"


@dataclass(frozen=True)
class Comparison:
    """The result of a comparison with the manifest: findings missed, and unexpected findings."""

    found: int
    missed: tuple[Planted, ...]
    beyond: tuple[Planted, ...]
    wrong_states: tuple[str, ...]

    @property
    def is_exact(self) -> bool:
        """True if exactly the planted faults were found."""
        return not (self.missed or self.beyond or self.wrong_states)


def compare(manifest: Manifest, district: District) -> Comparison:
    """Compare a merge of the district with the faults planted in it."""
    found = [
        Planted(base_name(f.path), f.finding.rule, f.finding.sheet, f.finding.cell)
        for f in district.flags
    ]
    states = {line.school.code: line.state for line in district.schools}
    left_out = {
        base_name(entry.path): entry.state
        for entry in district.inputs
        if entry.state in (InputState.SAME, InputState.PASSED_OVER, InputState.DISTRICT)
    }
    wrong = {
        name
        for expected, really in ((manifest.states, states), (manifest.left_out, left_out))
        for name in {*expected, *really}
        if expected.get(name) != really.get(name)
    }
    return Comparison(
        len(found),
        tuple((Counter(manifest.planted) - Counter(found)).elements()),
        tuple((Counter(found) - Counter(manifest.planted)).elements()),
        tuple(sorted(wrong)),
    )


def make_district(
    folder: Path,
    count: int,
    year: SchoolYear,
    today: date,
    seed: int = SEED,
    progress: ProgressBar = iter,
) -> Manifest:
    """Write the list, the returned files and the manifest of a district of ``count`` schools.

    The same arguments give the same bytes.

    Raises:
        UserError: the folder cannot be written.
    """
    maker = _Maker(folder, year, today, seed)
    schools = list(_schools(count, seed))
    for school, role in zip(progress(schools), _roles(count), strict=True):
        maker.add(school, role)
    write_whole(folder / SCHOOLS_FILE, _listing(maker.listed).encode("utf-8"))
    write_whole(folder / MANIFEST_FILE, maker.manifest.as_json().encode("utf-8"))
    return maker.manifest


def _schools(count: int, seed: int) -> Iterator[School]:
    source = random.Random(f"{seed} schools")  # noqa: S311 - the same for the same seed
    names = [f"{a} {b}" for a in w.NAME_FIRST for b in w.NAME_SECOND]
    source.shuffle(names)
    known = [kind for kind in builtin_catalogue().kinds if kind.id in _SHARES]
    kinds = source.choices(known, [_SHARES[kind.id] for kind in known], k=count)
    for number, kind in enumerate(kinds):
        again, place = divmod(number, len(names))
        name = f"Trường {kind.short} {names[place]}" + (f" {again + 1}" if again else "")
        yield School(f"00{790_000 + number}", name, kind, AUTHORITY, f"Thôn {names[-place - 1]}")


def _listing(schools: Sequence[School]) -> str:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(("code", "name", "kind", "authority", "address"))
    writer.writerows((s.code, s.name, str(s.kind), s.authority, s.address) for s in schools)
    return target.getvalue()


GOOD, FAULTY = "good", "faulty"


def _roles(count: int) -> Iterator[str]:
    """Return the role of each school: every fourth something special, every fourth faulty."""
    specials = cycle(_SPECIALS)
    for number in range(count):
        has_role = number < DENSE or number % 10 < 4
        if has_role and number % 4 == 3:
            yield next(specials)
        else:
            yield FAULTY if has_role and number % 4 == 1 else GOOD


class _Maker:
    """A maker of schools, one after the other, that records their expected findings."""

    def __init__(self, folder: Path, year: SchoolYear, today: date, seed: int) -> None:
        self.folder, self.year, self.today, self.seed = folder, year, today, seed
        self.manifest = Manifest(seed, str(year), today)
        self.listed: list[School] = []
        self._faults = cycle(FAULTS)
        self._models: dict[SchoolKind | None, list[tuple[Draft, bytes]]] = {}
        self._good: Draft | None = None
        self._number = 0

    def add(self, school: School, role: str) -> None:
        """Make the files that a school returns."""
        self._number += 1
        self.listed.append(school)
        self.manifest.states[school.code] = State.RETURNED
        if role == GOOD:
            self._return_good(school)
        elif role == FAULTY:
            self._return(self._with_faults(self._draft(school)))
        else:
            _SPECIALS[role](self, school)

    def _draft(self, school: School, year: SchoolYear | None = None) -> Draft:
        source = random.Random(f"{self.seed} {school.code}")  # noqa: S311 - not for secrets
        return good_draft(school, year or self.year, self.today, source)

    @property
    def _moment(self) -> datetime:
        """The time at which the present school saved its file: one after the other, in October."""
        start = datetime(self.year.first, 10, 1, 1, tzinfo=UTC)
        return start + timedelta(minutes=10 * self._number)

    def _name(self, school: School) -> str:
        return f"{school.code}_ke-hoach.xlsx"

    def _write(self, name: str, content: bytes) -> None:
        write_whole(self.folder / RETURNED / name, content)

    def _return(self, draft: Draft, name: str = "", moment: datetime | None = None) -> bytes:
        content = saved_at(workbook_of(draft), moment or self._moment)
        self._write(name or self._name(draft.school), content)
        return content

    def _plant(self, name: str, rule: str, draft: Draft | None = None, *spots: Spot) -> None:
        """Record the expected findings of a file: a rule of the file as a whole, or spots."""
        if rule:
            self.manifest.planted.append(Planted(name, rule))
        for spot in spots:
            assert draft is not None
            assert spot.sheet is not None
            assert spot.field is not None
            sheet = draft.sheet(spot.sheet)
            ref = sheet.ref(spot.field, spot.row) if spot.row else sheet.cell(spot.field).ref
            self.manifest.planted.append(Planted(name, spot.rule, sheet.name, ref))

    def _return_good(self, school: School) -> None:
        """Send a good plan; beyond the first schools, another school's workbook reworded."""
        models = self._models.setdefault(school.kind, [])
        if self._number <= DENSE or not models:
            self._good = self._draft(school)
            models.append((self._good, self._return(self._good)))
            return
        model, content = models[self._number % len(models)]
        source = random.Random(f"{self.seed} {school.code}")  # noqa: S311 - not for secrets
        draft, words = _rewording(model, school, source)
        kind = kind_of(school)
        stamp = stamp_for(model.layout, kind, self.year, school)
        own_words = reworded(content, words, stamp, self._moment)
        self._write(self._name(school), own_words)
        self._good = draft

    def _with_faults(self, draft: Draft) -> Draft:
        taken: set[int] = set()
        planted = 0
        for fault in self._faults:
            if draft.layout.form.id not in fault.forms:
                continue
            last = len(draft.tasks)
            free = [n for n in range(FIRST_FAULTY, last) if not {n - 1, n, n + 1} & taken]
            nth = next((n for n in free if fault.fits(draft, n)), None)
            if nth is not None:
                taken.add(nth)
                self._plant(self._name(draft.school), "", draft, *fault.plant(draft, nth))
            planted += 1
            if planted == FAULTS_A_SCHOOL:
                break
        return draft

    def missing(self, school: School) -> None:
        """Send nothing."""
        self.manifest.states[school.code] = State.MISSING

    def double(self, school: School) -> None:
        """Send an early version and, later and under a lesser name, the right version."""
        draft = self._draft(school)
        early = draft.copy()
        del early.tasks[10:], early.tables["progress"][10:]
        name = f"{school.code}_a.xlsx"
        self._return(draft, name)
        old = f"{school.code}_ban-cuoi-cung.xlsx"
        self._return(early, old, self._moment - timedelta(days=20))
        self._plant(name, "KD901")
        self.manifest.states[school.code] = State.DOUBLE
        self.manifest.left_out[old] = InputState.PASSED_OVER

    def twin(self, school: School) -> None:
        """Send the same file twice."""
        content = self._return(self._draft(school))
        copy = f"{school.code}_ke-hoach_ban-sao.xlsx"
        self._write(copy, content)
        self.manifest.left_out[copy] = InputState.SAME

    def wrong_year(self, school: School) -> None:
        """Send last year's plan."""
        last_year = SchoolYear(self.year.first - 1, self.year.first)
        self._return(self._draft(school, last_year))
        self._plant(self._name(school), "KD904")

    def wrong_kind(self, school: School) -> None:
        """Send a plan on a template for another kind of school."""
        lower = builtin_catalogue().kind("thcs")
        other = lower if school.kind != lower else builtin_catalogue().kind("tieu_hoc")
        self._return(self._draft(replace(school, kind=other)))
        self._plant(self._name(school), "KD903")

    def not_expected(self, school: School) -> None:
        """Send a plan although the school is not in the list."""
        self.listed.remove(school)
        self._return(self._draft(school))
        self._plant(self._name(school), "KD902")

    def other_code(self, school: School) -> None:
        """Send a plan with the code of the school before; the stamp of the template gives it away.

        The school before has sent its own plan, and both count.
        """
        assert self._good is not None
        draft = self._draft(school)
        draft.issued_to = school
        draft.school = replace(school, code=self._good.school.code)
        name = self._name(school)
        self._return(draft, name)
        self._plant(name, OWNER_IN_DOUBT.id)
        self._plant(name, "", draft, Spot(CODE_CHANGED.id, "cover", "school_code"))

    def copied(self, school: School) -> None:
        """Send tasks copied from the school before, a word changed in each."""
        draft = self._borrow(school, COPIED)
        spots = [Spot("KD906", "plan", "task", draft.row_of("plan", nth)) for nth in range(COPIED)]
        self._plant(self._name(school), "", draft, *spots)

    def sharing(self, school: School) -> None:
        """Send two sentences that the school before has too, as honest plans may."""
        self._borrow(school, SHARED)

    def _borrow(self, school: School, count: int) -> Draft:
        assert self._good is not None
        draft = self._draft(school)
        for mine, theirs in zip(draft.tasks[:count], self._good.tasks, strict=False):
            first, rest = str(theirs["task"]).split(" ", 1)
            mine["task"] = f"{first} lại {rest}"
        self._return(draft)
        return draft

    def _spoilt(self, school: School, rule: str, content: bytes) -> None:
        """Send a file that cannot be read."""
        self._write(self._name(school), content)
        self._plant(self._name(school), rule)
        self.manifest.states[school.code] = State.UNREADABLE

    def truncated(self, school: School) -> None:
        """Send half a file."""
        content = workbook_of(self._draft(school))
        self._spoilt(school, "KD027", content[: len(content) // 2])

    def pdf(self, school: School) -> None:
        """Send a PDF under the name of a workbook."""
        self._spoilt(school, "KD022", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + school.code.encode())

    def encrypted(self, school: School) -> None:
        """Send a file with a password."""
        head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
        self._spoilt(
            school, "KD003", head + "EncryptedPackage".encode("utf-16-le") + school.code.encode()
        )

    def foreign(self, school: School) -> None:
        """Send a workbook of the school's own making."""
        import xlsxwriter

        target = io.BytesIO()
        with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
            book.set_properties({"created": datetime(2026, 11, 1)})
            book.add_worksheet("Kế hoạch").write(0, 0, school.name)
        self._spoilt(school, "KD005", target.getvalue())

    def lock_file(self, school: School) -> None:
        """Send, beside the plan, the file that Excel keeps while a workbook is open."""
        self._return(self._draft(school))
        self._write(f"~${self._name(school)}", b"\x08" + bytes(164))


_SPECIALS: Mapping[str, Callable[[_Maker, School], None]] = {
    "missing": _Maker.missing,
    "double": _Maker.double,
    "truncated": _Maker.truncated,
    "wrong year": _Maker.wrong_year,
    "copied": _Maker.copied,
    "PDF": _Maker.pdf,
    "twin": _Maker.twin,
    "not expected": _Maker.not_expected,
    "wrong kind": _Maker.wrong_kind,
    "encrypted": _Maker.encrypted,
    "other code": _Maker.other_code,
    "lock file": _Maker.lock_file,
    "foreign": _Maker.foreign,
    "sharing": _Maker.sharing,
    "missing too": _Maker.missing,
}
"""The roles of schools that do anything but send their own plan once."""


def _rewording(model: Draft, school: School, source: random.Random) -> tuple[Draft, dict[str, str]]:
    """Return another school's draft in the places of a model, and the replacements that give it."""
    draft = model.copy()
    draft.school = school
    sentences = Sentences(kind_of(school), draft.layout.form.id, source)
    criteria = {c.label: c for c in draft.layout.regulation.criteria}
    words = {
        model.school.code: school.code,
        model.school.name: school.name,
        model.school.address: school.address,
    }
    for task in draft.tasks:
        own_words = sentences.task(criteria[str(task["criterion"])])
        words[str(task["task"])] = own_words
        task["task"] = own_words
    return draft, words
