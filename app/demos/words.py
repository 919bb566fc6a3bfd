"""The words of a figure in the reader's language."""

import re
from functools import cache

from app.core.i18n import Language, mark, say
from app.figures import Words

_HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCE = mark("{query} “{row}” → {key} “{column}”: {value}")


@cache
def figure_words(language: Language, *, features: bool = False) -> Words:
    """The strings a drawing needs; `features` for matrices whose columns are features, not keys."""

    def spoken(text: str) -> str:
        return say(language, text)

    return Words(
        query=spoken(mark("word")) if features else spoken(mark("query")),
        key=spoken(mark("feature")) if features else spoken(mark("key")),
        cell=spoken(_SENTENCE),
        masked=spoken(mark("masked")),
        undefined=spoken(mark("undefined")),
        weight=spoken(mark("weight")),
        value=spoken(mark("value")),
        row_sum=spoken(mark("sum of the row")),
        column_sum=spoken(mark("sum of the column")),
        orientation=spoken(mark("Rows are queries, columns are keys.")),
        matrix=spoken(mark("matrix")),
        constructed=spoken(mark("constructed")),
        trained=spoken(mark("trained here")),
        pretrained=spoken(mark("pretrained")),
        similarity=spoken(mark("similarity")),
    )


def language_of(token: str) -> str | None:
    """The language tag of a token where it can be told: Chinese characters are zh."""
    return "zh-Hans" if _HAN.search(token) else None
