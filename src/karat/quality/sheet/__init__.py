"""The quality sheet of a table of votes: every figure that applies, each with its interval and what it was counted over."""

from karat.quality.sheet.making import quality_sheet
from karat.quality.sheet.page import sheet_html
from karat.quality.sheet.values import Progress, Sheet

__all__ = ["Progress", "Sheet", "quality_sheet", "sheet_html"]
