"""The two official forms, declared."""

from __future__ import annotations

from workbook_templates.declare import Form
from workbook_templates.forms.form_2018 import FORM_2018
from workbook_templates.forms.form_2026 import FORM_2026

FORMS: dict[str, Form] = {form.id: form for form in (FORM_2018, FORM_2026)}
"""Every form by its id, oldest first."""
