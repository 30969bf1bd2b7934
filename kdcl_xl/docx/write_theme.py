"""The theme and the table of fonts, two parts that every document has to have.

Nothing of ours refers to the theme: colours and fonts are in the styles. Word offers its colours
to people who edit the document.
"""

from __future__ import annotations

from kdcl_xl.docx.write_styles import FONT

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_COLOURS = {
    "dk1": "000000",
    "lt1": "FFFFFF",
    "dk2": "1F3864",
    "lt2": "EDEDED",
    "accent1": "2F5597",
    "accent2": "C55A11",
    "accent3": "7F7F7F",
    "accent4": "BF9000",
    "accent5": "2E75B6",
    "accent6": "548235",
    "hlink": "0563C1",
    "folHlink": "954F72",
}
_STEPS = 3
"""Fills, lines, effects and backgrounds of a theme: subtle, moderate, intense."""


def theme_xml() -> str:
    """Return the theme, without effects."""
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in _COLOURS.items()
    )
    font = f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'<a:theme xmlns:a="{_DRAWING}" name="kdcl-xl"><a:themeElements>'
        f'<a:clrScheme name="kdcl-xl">{colours}</a:clrScheme>'
        f'<a:fontScheme name="kdcl-xl"><a:majorFont>{font}</a:majorFont>'
        f"<a:minorFont>{font}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="kdcl-xl"><a:fillStyleLst>{fill * _STEPS}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * _STEPS}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effect * _STEPS}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * _STEPS}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    )


def fonts_xml(namespaces: str) -> str:
    """Return the table of fonts: the one font of official documents."""
    return (
        f'<w:fonts {namespaces}><w:font w:name="{FONT}">'
        '<w:panose1 w:val="02020603050405020304"/><w:charset w:val="00"/>'
        '<w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )
