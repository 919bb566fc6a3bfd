"""The visitor's cookie: signed, out of reach for scripts, never planted; and what is read off a request."""

import re

import pytest
from itsdangerous import Signer

from app.people.visitor import COOKIE, agent_of, client_of
from tests.people.conftest import SECRET, Browser, cookie_of

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
EDGE = f"{CHROME} Edg/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"
WECHAT = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0"


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(browser: Browser) -> None:
    cookie = browser().get("/resume").headers["set-cookie"].lower()
    assert cookie.startswith(f"{COOKIE}=") and {"httponly", "path=/", "samesite=lax"} <= set(cookie.split("; "))
    assert f"max-age={400 * 86400}" in cookie and "secure" not in cookie


def test_over_https_the_cookie_stays_on_https(browser: Browser) -> None:
    assert "Secure" in browser(base="https://testserver").get("/resume").headers["set-cookie"]


def test_behind_a_proxy_the_public_address_says_whether_it_is_https(browser: Browser) -> None:
    client = browser()
    state = client.app.state  # type: ignore[attr-defined]
    state.settings = state.settings.model_copy(update={"public_url": "https://viva.example"})
    assert "Secure" in client.get("/resume").headers["set-cookie"]


def test_a_cookie_is_given_once(browser: Browser) -> None:
    client = browser()
    client.get("/resume")
    assert "set-cookie" not in client.get("/resume").headers
    client.post("/saved")
    assert client.get("/whose").json() is not None


def test_two_browsers_have_nothing_in_common(browser: Browser) -> None:
    one, other = browser(), browser()
    for client in (one, other):
        client.get("/resume")
        client.post("/saved")
    assert cookie_of(one) != cookie_of(other)
    assert one.get("/whose").json() != other.get("/whose").json()


def forged(token: str, how: str) -> str:
    """A cookie that this server never made."""
    match how:
        case "unsigned":
            return token
        case "foreign key":
            return sign(token, "another server's secret key, just as long", "viva.visitor")
        case "foreign salt":
            return sign(token, SECRET, "viva.claim")
        case "signed nonsense":
            return sign("x" * 500, SECRET, "viva.visitor")
    return how


def sign(token: str, secret: str, salt: str) -> str:
    return Signer(secret, salt=salt, key_derivation="hmac", digest_method="sha256").sign(token).decode()


@pytest.mark.parametrize(
    "how", ["unsigned", "foreign key", "foreign salt", "signed nonsense", "", ".", "a.b", "%ff.%00", "é.ü"]
)
def test_what_this_server_did_not_sign_is_ignored(how: str, browser: Browser) -> None:
    planted = forged("AAAAAAAAAAAAAAAAAAAAAA", how).encode("latin-1")
    answer = browser().get("/whose", headers={"cookie": f"{COOKIE}=".encode() + planted})  # type: ignore[dict-item]
    assert (answer.status_code, answer.json()) == (200, None)
    made = re.match(rf"{COOKIE}=([\w-]{{22}})\.[\w-]+;", answer.headers["set-cookie"])
    assert made and made[1] != "AAAAAAAAAAAAAAAAAAAAAA"


def test_what_it_did_sign_is_taken(browser: Browser) -> None:
    signed = sign("AAAAAAAAAAAAAAAAAAAAAA", SECRET, "viva.visitor")
    assert "set-cookie" not in browser().get("/whose", headers={"cookie": f"{COOKIE}={signed}"}).headers


def test_a_cookie_that_was_changed_is_a_stranger_s(browser: Browser) -> None:
    client, thief = browser(), browser()
    client.get("/resume")
    client.post("/saved")
    cookie = cookie_of(client)
    for at in (0, 21, 23):  # the token's ends, the signature's first
        changed = cookie[:at] + ("B" if cookie[at] == "A" else "A") + cookie[at + 1 :]
        assert thief.get("/whose", headers={"cookie": f"{COOKIE}={changed}"}).json() is None
    assert thief.get("/whose", headers={"cookie": f"{COOKIE}={cookie}"}).json() is not None


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (FIREFOX, "Firefox, Linux"),
        (CHROME, "Chrome, Windows"),
        (EDGE, "Edge, Windows"),
        (SAFARI, "Safari, iOS"),
        (WECHAT, "WeChat, Android"),
        ("curl/8.5", "curl"),
        ("<b>" * 999, ""),
    ],
)
def test_a_browser_is_named_without_versions(header: str, words: str) -> None:
    assert agent_of(header) == words


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_a_client_is_an_ipv4_address_or_an_ipv6_household(host: str, client: str) -> None:
    assert client_of(host) == client
