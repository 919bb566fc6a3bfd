"""Static files: the stylesheets as one layered file, every address with the hash of what it serves."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.paths import STATIC

STYLES = "css/viva.css"
_FOREVER = "public, max-age=31536000, immutable"


def address(path: str) -> str:
    """The address of a static file: `/static/css/viva.css?v=1a2b3c4d`."""
    return f"/static/{path}?v={_hash(path)}"


@cache
def styles() -> bytes:
    """Every stylesheet after the one line that orders the layers."""
    files = sorted((STATIC / "css").glob("*.css"), key=lambda path: (path.name != "layers.css", path.name))
    return "\n".join(path.read_text(encoding="utf8") for path in files).encode()


@cache
def _hash(path: str) -> str:
    data = styles() if path == STYLES else (STATIC / path).read_bytes()
    return hashlib.sha256(data).hexdigest()[:10]


class Static(StaticFiles):
    """Files under /static: kept for ever when asked for by their hash, otherwise asked about each time."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        request = Request(scope)
        if path.startswith("."):
            raise HTTPException(404)
        if path == STYLES.replace("/", Path("/").root):
            response = Response(styles(), media_type="text/css")
            response.headers["ETag"] = f'"{_hash(STYLES)}"'
        else:
            response = await super().get_response(path, scope)
        current = response.status_code < 400 and request.query_params.get("v") == _hash(path.replace("\\", "/"))
        response.headers["Cache-Control"] = _FOREVER if current else "no-cache"
        return response
