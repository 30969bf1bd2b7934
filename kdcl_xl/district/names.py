"""The names on the tabs of the district workbook."""

from __future__ import annotations

from workbook_templates.text import Text

OVERVIEW = Text("Tổng quan", "Overview")
SCHOOLS = Text("Trường", "Schools")
TASKS = Text("Kế hoạch", "Plans")
FLAGS = Text("Cờ", "Flags")
HEAT = Text("Tiêu chí × Trường", "Criteria × Schools")
MONEY = Text("Kinh phí", "Money")
SCHEDULE = Text("Lịch", "Schedule")
PROGRESS = Text("Theo dõi", "Progress")
CLOSED = Text("Đã khép lại", "Closed")
NOTES = Text("Ghi chú khác", "Other notes")
AUTHORITY = Text("Cơ quan quản lý", "Authority")
"""Heading of the authority below this one that something comes from."""
INPUTS = Text("Nhật ký", "Log")
