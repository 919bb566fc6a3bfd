"""Who a browser is: nobody until it saves, then one learner, for as long as it comes back."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session, SQLModel, select

from app.core.db import Spine
from app.people import learners
from app.people.learners import learner_for, learner_of, local
from app.people.models import Learner, Throttle, VisitorSession
from app.people.visitor import Visitor
from tests.conftest import NOW
from tests.people.conftest import Browser, Watch

ADA = Visitor("a-token", False, "Firefox, Linux", "203.0.113.5")


def rows(spine: Spine, table: type[SQLModel]) -> int:
    with spine.session(writing=False) as db:
        return len(db.exec(select(table)).all())


def session(db: Session) -> VisitorSession:
    return db.exec(select(VisitorSession)).one()


def test_looking_at_pages_stores_nothing(browser: Browser, spine: Spine) -> None:
    client = browser()
    assert [client.get(page).status_code for page in ("/resume", "/whose", "/")] == [200, 200, 200]
    assert [rows(spine, table) for table in (Learner, VisitorSession, Throttle)] == [0, 0, 0]


def test_the_first_save_makes_a_learner_and_the_next_finds_it(browser: Browser, spine: Spine) -> None:
    client = browser()
    client.get("/resume")
    assert client.get("/whose").json() is None
    learner = client.post("/saved").json()
    assert client.post("/saved").json() == client.get("/whose").json() == learner
    assert (rows(spine, Learner), rows(spine, VisitorSession)) == (1, 1)


def test_the_token_itself_is_not_stored(spine: Spine) -> None:
    with spine.session(writing=True) as db:
        learner = learner_for(db, ADA, NOW, "zh", "Asia/Shanghai")
        kept = session(db)
        assert (kept.learner_id, kept.agent, learner.lang) == (learner.id, "Firefox, Linux", "zh")
        assert ADA.token not in repr([kept, learner]) and len(kept.token_hash) == 64


def test_a_browser_that_stays_away_for_400_days_is_a_stranger(browser: Browser, watch: Watch) -> None:
    client = browser()
    client.get("/resume")
    learner = client.post("/saved").json()
    watch.pass_by(days=399)
    client.post("/saved")  # counts from here again
    watch.pass_by(days=399)
    assert client.get("/whose").json() == learner
    watch.pass_by(days=2)
    assert client.get("/whose").json() is None
    assert client.post("/saved").json() not in (None, learner)


def test_a_session_is_written_once_an_hour_at_most(spine: Spine, watch: Watch) -> None:
    with spine.session(writing=True) as db:
        for minutes, seen in ((0, 0), (59, 0), (61, 61), (119, 61), (121, 121)):
            now = NOW.replace(hour=3 + minutes // 60, minute=minutes % 60)
            learner_for(db, ADA, now, "en", "")
            assert session(db).seen_at == NOW.replace(hour=3 + seen // 60, minute=seen % 60)
            assert session(db).expires_at - session(db).seen_at == learners.KEPT


def test_reading_extends_no_session(spine: Spine, watch: Watch) -> None:
    with spine.session(writing=True) as db:
        learner_for(db, ADA, NOW, "en", "")
        watch.pass_by(days=10)
        assert learner_of(db, ADA, watch.now) is not None
        assert not db.dirty and session(db).seen_at == NOW


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Asia/Shanghai", "Asia/Shanghai"),
        ("America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("", "UTC"),
        ("Mars/Olympus", "UTC"),
        ("../../etc/passwd", "UTC"),
        ("asia/shanghai\x00", "UTC"),
        ("Z" * 5000, "UTC"),
    ],
)
def test_only_a_known_zone_is_kept(sent: str, kept: str, spine: Spine) -> None:
    with spine.session(writing=True) as db:
        assert learner_for(db, ADA, NOW, "en", sent).zone == kept


def test_zone_and_language_follow_the_browser(spine: Spine) -> None:
    with spine.session(writing=True) as db:
        kept = []
        for lang, zone in (("en", ""), ("zh", "Asia/Shanghai"), ("zh", ""), ("zh", "nonsense"), ("en", "Europe/Rome")):
            learner = learner_for(db, ADA, NOW, "zh" if lang == "zh" else "en", zone)
            kept.append((learner.lang, learner.zone))
    shanghai = ("zh", "Asia/Shanghai")
    assert kept == [("en", "UTC"), shanghai, shanghai, shanghai, ("en", "Europe/Rome")]


def test_times_are_shown_in_the_learner_s_zone() -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    shown = [f"{local(zone, noon):%d %H:%M %z}" for zone in ("UTC", "Asia/Shanghai", "Asia/Kolkata", "gone")]
    assert shown == ["01 12:00 +0000", "01 20:00 +0800", "01 17:30 +0530", "01 12:00 +0000"]
    assert local("Pacific/Auckland", noon) == noon
