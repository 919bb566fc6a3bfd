"""A reader's text made safe for HTML and for stand-alone XML."""

import re

from markupsafe import Markup
from markupsafe import escape as escape_markup

# XML 1.0 admits no other control characters, no lone surrogates and no U+FFFE or U+FFFF.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escape(text: str) -> Markup:
    """Escaped for element content and quoted attributes; what XML forbids becomes U+FFFD."""
    return Markup(escape_markup(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", str(text))))
