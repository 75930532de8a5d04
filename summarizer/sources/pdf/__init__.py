"""PDF files: text in reading order, with the page and the box of each line."""

from summarizer.sources.pdf.loader import PDF, load_pdf

__all__ = ["PDF", "load_pdf"]
