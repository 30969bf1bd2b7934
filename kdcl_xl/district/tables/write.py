"""Write the tables of a district: a folder of CSV or of Parquet files, or an SQLite database."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from kdcl_xl.district.tables.tables import Kind, Table, TableColumn, Value
from kdcl_xl.errors import UserError
from kdcl_xl.files import write_folder, write_whole
from kdcl_xl.reporting.as_csv import csv_text
from workbook_templates.text import Text


class Format(StrEnum):
    """A file format of the tables."""

    PARQUET = "parquet"
    CSV = "csv"
    SQLITE = "sqlite"


def require_formats(formats: Collection[Format], target: Path) -> None:
    """Check that the formats can be written beside a target, before any file is written.

    Raises:
        UserError: a library is missing, or a file that is not the tool's is in the place.
    """
    if Format.PARQUET in formats:
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError:
            raise UserError(
                Text(
                    "Để ghi Parquet cần cài thêm: pip install 'kdcl-xl[parquet]'.",
                    "Parquet needs one more package: pip install 'kdcl-xl[parquet]'.",
                )
            ) from None
    for kind in formats:
        place = output_path(kind, target)
        if not _is_free(kind, place):
            raise UserError(
                Text(
                    f"«{place}» không phải do công cụ tạo ra; hãy chuyển đi nơi khác hoặc chọn "
                    "tên khác.",
                    f"'{place}' was not made by this tool; move it away or choose another name.",
                )
            )


def _is_free(kind: Format, place: Path) -> bool:
    """Return whether a place is empty or holds only files of an earlier merge."""
    if kind is not Format.SQLITE:
        if place.is_dir():
            return all(p.is_file() and p.suffix == f".{kind}" for p in place.iterdir())
        return not place.exists()
    if not place.is_file():
        return not place.exists()
    with place.open("rb") as stream:
        return stream.read(len(_MAGIC)) == _MAGIC


_MAGIC = b"SQLite format 3\0"


def output_path(kind: Format, target: Path) -> Path:
    """Return the path of a format: beside the workbook, under its name."""
    stem = target.stem if target.suffix.lower() == ".xlsx" else target.name
    return target.with_name(f"{stem}.{kind}")


def write_tables(
    tables: Sequence[Table], formats: Collection[Format], target: Path
) -> tuple[Path, ...]:
    """Write the tables in each format, each whole or not at all, and return their paths.

    Raises:
        UserError: a place cannot be written.
    """
    contents = {kind: _contents(kind, tables) for kind in formats}
    for kind, content in contents.items():
        place = output_path(kind, target)
        if isinstance(content, bytes):
            write_whole(place, content)
        else:
            write_folder(place, content)
    return tuple(output_path(kind, target) for kind in formats)


def _contents(kind: Format, tables: Sequence[Table]) -> bytes | Mapping[str, bytes]:
    if kind is Format.SQLITE:
        return _sqlite(tables)
    write: Callable[[Table], bytes] = _csv if kind is Format.CSV else _parquet
    return {f"{table.name}.{kind}": write(table) for table in tables}


def _csv(table: Table) -> bytes:
    """Write UTF-8 with the mark by which Excel knows it."""
    header = [column.name for column in table.columns]
    text = csv_text([header, *(map(_field, row) for row in table.rows)])
    return text.encode("utf-8-sig", "replace")


def _field(value: Value) -> str | float:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return _iso(value)


def _iso(value: date | datetime) -> str:
    return value.isoformat(" ", "minutes") if isinstance(value, datetime) else value.isoformat()


_SQL_TYPES = {
    Kind.TEXT: "TEXT",
    Kind.NUMBER: "REAL",
    Kind.DATE: "DATE",
    Kind.TIME: "DATETIME",
}


def _sqlite(tables: Sequence[Table]) -> bytes:
    """Return the tables as a database. Dates are ISO texts, as SQLite's functions take them."""
    import sqlite3  # only needed for this format, and not in every Python

    database = sqlite3.connect(":memory:")
    try:
        for table in tables:
            columns = ", ".join(f"{_quoted(c.name)} {_SQL_TYPES[c.kind]}" for c in table.columns)
            database.execute(f"CREATE TABLE {_quoted(table.name)} ({columns})")
            places = ", ".join("?" * len(table.columns))
            database.executemany(
                f"INSERT INTO {_quoted(table.name)} VALUES ({places})",  # noqa: S608 - quoted
                ([_stored(value) for value in row] for row in table.rows),
            )
        database.commit()
        return database.serialize()
    finally:
        database.close()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _stored(value: Value) -> str | float | None:
    whole = _whole(value)
    return _iso(whole) if isinstance(whole, date) else whole


def _parquet(table: Table) -> bytes:
    import pyarrow  # large, slow to load, and optional
    from pyarrow import parquet

    types = {
        Kind.TEXT: pyarrow.string(),
        Kind.NUMBER: pyarrow.float64(),
        Kind.DATE: pyarrow.date32(),
        Kind.TIME: pyarrow.timestamp("ms"),
    }

    def array(column: TableColumn) -> object:
        values = [_whole(value) for value in column.values]
        return pyarrow.array(values, types[column.kind])

    names = [column.name for column in table.columns]
    content = pyarrow.table([array(column) for column in table.columns], names=names)
    target = io.BytesIO()
    parquet.write_table(content, target)
    return target.getvalue()


def _whole(value: Value) -> Value:
    """Return a text without lone surrogates, which UTF-8 cannot encode."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
