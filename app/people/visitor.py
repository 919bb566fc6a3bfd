"""The browser behind a request, known by a signed cookie; nothing is stored until something is saved."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Annotated

from fastapi import Depends, Request, Response
from itsdangerous import BadSignature, Signer

COOKIE = "viva_visitor"
TOKEN_BYTES = 16
KEPT_S = 400 * 86_400  # as long as browsers keep any cookie
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")  # 16 bytes in base64
# the first that a User-Agent names is meant: most of them also name Chrome, Safari or Linux
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
)
_SYSTEMS = (
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Visitor:
    """A browser: its secret token, and what is known of it without asking anybody."""

    token: str
    fresh: bool  # the token was made for this request; `remember` hands it over
    agent: str  # “Firefox, Linux”: family and system, no versions
    client: str  # whose failures are counted together: an IPv4 address or an IPv6 /64

    @property
    def token_hash(self) -> str:
        """What is stored of the token; 128 random bits need no slow hash."""
        return hashlib.sha256(self.token.encode()).hexdigest()


async def visitor_of(request: Request) -> Visitor:
    """The visitor that this server once signed, else a new one: no token can be planted in somebody's browser."""
    token = _signed_token(request)
    return visitor_with(request, token) if token else new_visitor(request)


CurrentVisitor = Annotated[Visitor, Depends(visitor_of)]


def new_visitor(request: Request) -> Visitor:
    """This browser under a new token, whatever it was before."""
    return visitor_with(request, secrets.token_urlsafe(TOKEN_BYTES), fresh=True)


def visitor_with(request: Request, token: str, *, fresh: bool = False) -> Visitor:
    agent = agent_of(request.headers.get("user-agent", ""))
    return Visitor(token, fresh, agent, client_of(request.client.host if request.client else ""))


def remember(request: Request, response: Response, visitor: Visitor) -> None:
    """Hand a new token over in a cookie that scripts cannot read; a token that came in a cookie stays as it is."""
    if not visitor.fresh:
        return
    public: str = request.app.state.settings.public_url
    response.set_cookie(
        COOKIE,
        _signer(request).sign(visitor.token).decode(),
        max_age=KEPT_S,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https" or public.startswith("https:"),
    )


def agent_of(header: str) -> str:
    """“Firefox, Linux” of a User-Agent; empty if it names nothing known."""
    families = (next((name for sign, name in known if sign in header), "") for known in (_BROWSERS, _SYSTEMS))
    return ", ".join(family for family in families if family)


def client_of(host: str) -> str:
    """The IPv4 address, or the /64 that one IPv6 household has; uvicorn has already believed the trusted proxies."""
    try:
        address = ip_address(host)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Network((int(address) >> 64 << 64, 64)))
    return str(address)


def _signed_token(request: Request) -> str | None:
    try:
        token = _signer(request).unsign(request.cookies.get(COOKIE, "")).decode()
    except (BadSignature, UnicodeError):
        return None
    return token if _TOKEN.fullmatch(token) else None


def _signer(request: Request) -> Signer:
    secret: str = request.app.state.secret()
    return Signer(secret, salt="viva.visitor", key_derivation="hmac", digest_method=hashlib.sha256)
