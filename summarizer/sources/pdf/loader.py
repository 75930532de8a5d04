"""Load PDF files."""

import re

from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.sources.base import Content, Loader

# The header is within the first 1,024 bytes. After anything but white space it needs a separate line,
# because an article about PDFs may mention "%PDF-1.4".
_PDF = re.compile(rb"\s*%PDF-|.{0,1016}[^ -~]%PDF-[12]\.[0-9](?=[^ -~])", re.DOTALL)


def load_pdf(content: Content) -> Article:
    """Load a PDF."""
    raise ArticleError(f"{content.name} is a PDF, which cannot be read yet.")


PDF = Loader(
    "a PDF",
    load_pdf,
    suffixes=(".pdf",),
    media_types=("application/pdf",),
    recognizes=lambda data: _PDF.match(data) is not None,
)
