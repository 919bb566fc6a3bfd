"""A form's fields as they were sent, for endpoints whose fields depend on what they ask."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

MAX_FIELDS = 200


async def _form(request: Request) -> FormData:
    return await request.form(max_fields=MAX_FIELDS, max_files=0)


Form = Annotated[FormData, Depends(_form)]
