"""The inputs of a merge: checked files, and the contents of an authority workbook among them."""

from __future__ import annotations

from dataclasses import dataclass

from kdcl_xl.checking.check import Checked
from kdcl_xl.district.decisions.decision import DecisionMemory
from kdcl_xl.schools import School
from workbook_templates.text import Text


@dataclass(frozen=True)
class Sources:
    """The inputs of a merge and the expected schools.

    ``checked`` has only the findings of reading; rules are judged again at each level of
    authority. ``preferred`` holds the shown paths of files that a person named.
    """

    authority: str = ""
    checked: tuple[Checked, ...] = ()
    expected: tuple[School, ...] = ()
    preferred: frozenset[str] = frozenset()


_TAKEN = Text(
    "Sổ tổng hợp của {authority}: đã đưa {count} tệp vào như nộp trực tiếp.",
    "Authority workbook of {authority}: {count} files taken as if they were given themselves.",
)


@dataclass(frozen=True)
class LowerWorkbook:
    """An authority workbook as an input of the authority above, whose name is in all its parts."""

    sources: Sources
    memory: DecisionMemory
    digest: str = ""

    @property
    def words(self) -> Text:
        """The remark on the workbook in the log."""
        count = len(self.sources.checked)
        return _TAKEN.format(authority=self.sources.authority, count=count)
