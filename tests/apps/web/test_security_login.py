"""Practice mode: set-up, log-in, passwords, sessions, cookies, limits; what the audit log and the terminal hold."""

import datetime as dt
import logging
import re
import statistics
import time
from pathlib import Path

import pytest
from html_reader import Page
from starlette.testclient import TestClient

from magnes.apps.web.app import create_app
from magnes.apps.web.config import LOOPBACK, ServeConfig
from magnes.apps.web.entrance import IDLE_MINUTES, SESSION_HOURS
from magnes.apps.web.limits import LogInLimits
from magnes.apps.web.passwords import FIRST, HASHER, check_password, hashed, matches
from magnes.store.audit import ACTIONS
from magnes.store.engine import open_store
from magnes.store.people import People
from magnes.store.users import Users, find_for_login, first_practice
from magnes.text import catalogue

SECRET, OTHER, GIVEN = "zout water in de zee", "stenen drijven heel slecht", "een eerste wachtzin"
HASHES = {SECRET: hashed(SECRET), GIVEN: hashed(GIVEN, first=True)}


class Clock:
    """Time that tests move."""

    def __init__(self) -> None:
        self.now = dt.datetime.now(dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def go_on(self, **passed: float) -> None:
        self.now += dt.timedelta(**passed)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def browser(app, **headers: str) -> TestClient:
    base = "https://localhost" if app.state.config.secure else "http://localhost"
    return TestClient(app, base, headers={"origin": base, "accept": "text/html"} | headers, follow_redirects=False)


@pytest.fixture
def empty(tmp_path: Path):
    store = open_store(str(tmp_path / "a.sqlite"))
    yield create_app(ServeConfig("a", practice=True), store)
    store.close()


@pytest.fixture
def app(request, tmp_path: Path, clock: Clock):
    """A practice with Anna (owner, SECRET) and Bo (reader, first password GIVEN)."""
    store = open_store(str(tmp_path / "a.sqlite"))
    with store.begin() as session:
        scope = first_practice(session, "Praktijk Zee", owner="Anna")
        Users(session, scope).set_password(scope.user_id, HASHES[SECRET])
        Users(session, scope).add("Bo", HASHES[GIVEN], "reader")
    config = ServeConfig(
        "a", practice=True, hosts=LOOPBACK, trusted_proxy="10.0.0.1" if getattr(request, "param", False) else ""
    )
    made = create_app(config, store)
    made.state.clock, made.state.limits = clock, LogInLimits(clock.seconds)
    yield made
    store.close()


def log_in(client: TestClient, name: str = "Anna", password: str = SECRET):
    return client.post("/login", data={"user_name": name, "password": password})


def set_up(client: TestClient, code: str, **more: str):
    form = {"setup_code": code, "practice_name": "Praktijk Zee", "user_name": "Anna"}
    return client.post("/setup", data=form | {"new_password": SECRET, "new_password_again": SECRET} | more)


def actions(app) -> list[tuple[str, str]]:
    from sqlalchemy import select

    from magnes.store.tables import audit

    with app.state.store.begin() as session:
        return [(row.action, row.what) for row in session.execute(select(audit).order_by(audit.c.id))]


def test_first_owner_needs_the_code_of_the_terminal(empty) -> None:
    # catches: a practice that belongs to whoever on the network comes first
    client, code = browser(empty), empty.state.setup.code
    assert client.get("/", headers={"accept": "text/html"}).headers["location"] == "/login"
    assert client.get("/login").headers["location"] == "/setup"
    assert set_up(client, "AAAA-BBBB-CCCC-DDDD").status_code == 422
    assert code not in client.get("/setup").text
    made = set_up(client, code.lower().replace("-", " "))
    assert (made.status_code, made.headers["location"]) == (303, "/")
    assert client.get("/users").status_code == 200
    assert empty.state.setup is None
    late = browser(empty)
    assert set_up(late, code, user_name="Eve").headers["location"] == "/"
    assert late.get("/users").headers["location"] == "/login"


def test_code_ends_after_an_hour(empty, clock: Clock) -> None:
    # catches: a code on a screen that somebody finds weeks later
    from magnes.apps.web.setup import SetUp

    empty.state.setup = SetUp(clock)
    clock.go_on(minutes=61)
    assert set_up(browser(empty), empty.state.setup.code).status_code == 422
    assert "form" not in [tag for tag, _ in Page(browser(empty).get("/setup").text).elements]


def test_codes_cannot_be_tried_for_ever(empty) -> None:
    # catches: a set-up page without a limit
    tried = [set_up(browser(empty), f"AAAA-{number}").status_code for number in range(10)]
    assert tried == [422] * 8 + [429] * 2
    assert len(empty.state.setup.code.replace("-", "")) == 16


def test_set_up_takes_over_the_people_from_before_log_in(tmp_path: Path) -> None:
    # catches: records of single use that nobody can reach any more, or an owner left without a password
    store = open_store(str(tmp_path / "a.sqlite"))
    create_app(ServeConfig("a"), store)
    with store.begin() as session:
        People(session, first_practice(session, "")).add({"label": "Wim", "age_years": "40", "sex": "male"})
    app = create_app(ServeConfig("a", practice=True), store)
    client = browser(app)
    assert set_up(client, app.state.setup.code).status_code == 303
    assert "Wim" in client.get("/").text
    with store.begin() as session:
        assert find_for_login(session, "local") is None
    with pytest.raises(Exception, match="store_has_passwords"):
        create_app(ServeConfig("a"), store)
    store.close()


@pytest.mark.parametrize("app", [False, True], ids=["http", "https"], indirect=True)
def test_log_in_gives_a_new_token_and_ends_the_one_brought_along(app) -> None:
    # catches: session fixation: a token that an attacker planted works after log-in
    client, name = browser(app), "__Host-magnes_session" if app.state.config.secure else "magnes_session"
    sent = browser(app, cookie=f"{name}=planted")
    assert log_in(sent).cookies[name] != "planted"
    log_in(client)
    first = client.cookies[name]
    assert browser(app, cookie=f"{name}=planted").get("/account").status_code == 303
    assert browser(app, cookie=f"{name}={first}").get("/account").status_code == 200
    log_in(client)
    assert client.cookies[name] != first
    assert browser(app, cookie=f"{name}={first}").get("/account").status_code == 303


@pytest.mark.parametrize("app", [False, True], ids=["http", "https"], indirect=True)
def test_cookie_is_kept_from_scripts_other_sites_and_plain_http(app) -> None:
    # catches: a cookie without a flag, or with a life longer than the browser's
    sent = log_in(browser(app)).headers["set-cookie"]
    name, _, flags = sent.partition("=")
    assert name == ("__Host-magnes_session" if app.state.config.secure else "magnes_session")
    assert ("Secure" in flags) == app.state.config.secure
    for flag in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert flag in flags
    for flag in ("Domain", "Max-Age", "expires"):
        assert flag not in flags
    assert len(flags.partition(";")[0]) >= 43  # 256 bits in base 64


def test_session_ends_when_idle_and_after_its_day(app, clock: Clock) -> None:
    # catches: a session that lasts as long as somebody uses it, or as long as nobody does
    client = browser(app)
    log_in(client)
    clock.go_on(minutes=IDLE_MINUTES + 1)
    assert client.get("/account").status_code == 303
    log_in(client)
    for _ in range(int(SESSION_HOURS * 3)):
        clock.go_on(minutes=19)
        assert client.get("/account").status_code == 200
    clock.go_on(minutes=SESSION_HOURS * 60 - 36 * 19 + 1)
    assert client.get("/account").status_code == 303


@pytest.mark.parametrize("app", [False, True], ids=["http", "https"], indirect=True)
def test_log_out_ends_the_session_here_and_on_the_server(app) -> None:
    # catches: a log-out that only forgets the cookie
    client, thief = browser(app), browser(app)
    log_in(client)
    thief.cookies.update(client.cookies)
    left = client.post("/logout")
    assert left.headers["location"] == "/login"
    assert "cache" in left.headers["clear-site-data"]
    assert not client.cookies
    assert thief.get("/account").status_code == 303


def test_new_password_ends_all_other_sessions(app) -> None:
    # catches: a thief who stays in after the password was changed
    here, there = browser(app), browser(app)
    log_in(here)
    log_in(there)
    form = {"new_password": OTHER, "new_password_again": OTHER}
    assert here.post("/account/password", data=form | {"password": "wrong password here"}).status_code == 422
    assert here.post("/account/password", data=form).status_code == 422
    assert there.get("/account").status_code == 200
    assert here.post("/account/password", data=form | {"password": SECRET}).status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303
    assert log_in(there).status_code == 422
    assert log_in(there, password=OTHER).status_code == 303


def test_sessions_are_listed_and_ended(app) -> None:
    # catches: a lost telephone that stays logged in
    here, there, third = browser(app), browser(app), browser(app)
    for client in (here, there, third):
        log_in(client)
    page = Page(here.get("/account").text)
    listed = [attrs["value"] for attrs in page.all("button") if attrs.get("name") == "session"]
    assert len(listed) == 2
    here.post("/account/sessions/end", data={"session": listed[0]})
    here.post("/account/sessions/end", data={"session": listed[1][:15] + "%"})
    assert [client.get("/account").status_code for client in (here, there, third)].count(303) == 1
    here.post("/account/sessions/end")
    assert [client.get("/account").status_code for client in (here, there, third)] == [303] * 3


def test_first_password_works_once_and_only_to_choose_another(app) -> None:
    # catches: a password that an owner knows and that stays
    client = browser(app)
    assert log_in(client, "bo", GIVEN).headers["location"] == "/login/first"
    assert not client.cookies
    form = {"user_name": "Bo", "password": GIVEN, "new_password": OTHER, "new_password_again": OTHER}
    assert client.post("/login/first", data=form | {"password": SECRET}).status_code == 422
    same = {"new_password": GIVEN, "new_password_again": GIVEN}
    assert client.post("/login/first", data=form | same).status_code == 422
    assert client.post("/login/first", data=form).headers["location"] == "/"
    assert client.get("/account").status_code == 200
    assert browser(app).post("/login/first", data=form).status_code == 422
    assert log_in(browser(app), "Bo", GIVEN).status_code == 422
    assert log_in(browser(app), "Bo", OTHER).status_code == 303
    assert browser(app).post("/login/first", data=form | {"user_name": "Anna", "password": SECRET}).status_code == 422


def test_owner_adds_changes_and_closes_users(app) -> None:
    # catches: a role or an account that outlives the change
    owner, other = browser(app), browser(app)
    log_in(owner)
    added = {"user_name": "Cas", "role": "practitioner", "new_password": GIVEN}
    assert owner.post("/users", data=added).status_code == 303
    assert owner.post("/users", data=added).status_code == 422
    assert owner.post("/users", data=added | {"user_name": "Dan", "role": "chief"}).status_code == 422
    assert owner.post("/users", data=added | {"user_name": "Dan", "new_password": "kort"}).status_code == 422
    with app.state.store.begin() as session:
        cas = find_for_login(session, "cas")
    assert cas is not None
    other.post("/login/first", data={"user_name": "Cas", "password": GIVEN, "new_password": OTHER,
                                     "new_password_again": OTHER})  # fmt: skip
    assert other.get("/users").status_code == 403
    assert owner.post(f"/users/{cas.scope.user_id}/role", data={"role": "reader"}).status_code == 303
    assert other.get("/account").status_code == 303
    log_in(other, "Cas", OTHER)
    assert owner.post(f"/users/{cas.scope.user_id}/password", data={"new_password": SECRET}).status_code == 303
    assert other.get("/account").status_code == 303
    assert owner.post(f"/users/{cas.scope.user_id}/disable").status_code == 303
    assert log_in(other, "Cas", SECRET).status_code == 422
    owner_id = cas.scope.user_id - 2
    assert owner.post(f"/users/{owner_id}/disable").status_code == 422
    assert owner.post(f"/users/{owner_id}/role", data={"role": "reader"}).status_code == 422


def test_tries_of_one_account_are_limited_and_then_free_again(app, clock: Clock) -> None:
    # catches: guessing without end, a limit that never ends, a limit that only real names have
    for name in ("Anna", "Nobody"):
        tried = [log_in(browser(app), name, "x" * 129) for _ in range(9)]  # too long to be looked at, and counted
        assert [answer.status_code for answer in tried] == [422] * 8 + [429]
        assert 0 < int(tried[-1].headers["retry-after"]) <= 900
    assert log_in(browser(app)).status_code == 429  # also with the right password
    clock.go_on(minutes=16)
    assert log_in(browser(app)).status_code == 303


def test_tries_of_one_address_and_of_many_addresses_are_limited() -> None:
    # catches: one try for each of many names; one name from many addresses; success that wipes the slate
    from magnes.apps.web.limits import TooManyTriesError

    def count(pairs) -> int:
        limits = LogInLimits(lambda: 0.0)
        done = 0
        try:
            for account, address, right in pairs:
                limits.begin(account, address)
                done += 1
                if right:
                    limits.was_right(account, address)
        except TooManyTriesError:
            pass
        return done

    assert count((f"name {number}", "10.0.0.7", False) for number in range(100)) == 30
    assert count(("Anna", f"10.0.0.{number}", False) for number in range(200)) == 60
    assert count(("  ANNA" if number % 2 else "anna", "10.0.0.7", False) for number in range(20)) == 8
    mixed = (
        (("mine", "10.0.0.7", True) if number % 2 else (f"n {number}", "10.0.0.7", False)) for number in range(200)
    )
    assert count(mixed) <= 61
    assert count(("Anna", "10.0.0.7", True) for _ in range(100)) == 100


def test_unknown_name_and_wrong_password_look_the_same(app) -> None:
    # catches: a page that tells who has an account
    def told(name: str) -> str:
        answer = log_in(browser(app), name, "wrong password here")
        assert answer.status_code == 422
        return answer.text.replace(name, "NAME")

    assert told("Anna") == told("Nobody")
    assert told("Bo") == told("Nobody")


def test_unknown_name_takes_as_long_as_a_known_one(app) -> None:
    # catches: an answer at once for names that nobody has. Coarse: the hash is most of the time
    def seconds(name: str) -> float:
        client, taken = browser(app), []
        for _ in range(3):
            begun = time.process_time()
            log_in(client, name, "wrong password here")
            taken.append(time.process_time() - begun)
        return statistics.median(taken)

    known, unknown = seconds("Anna"), seconds("Nobody")
    assert 0.4 < known / unknown < 2.5


def test_no_password_reaches_log_audit_page_or_database(app, caplog, tmp_path: Path) -> None:
    # catches: a password in a log line, an audit row, a page that comes back, or plain in the file
    with caplog.at_level(logging.DEBUG):
        client = browser(app)
        pages = [log_in(client, SECRET, "typed in the wrong field"), log_in(client, "Anna", "almost right secret")]
        pages.append(log_in(client))
        form = {"password": SECRET, "new_password": "quite another one", "new_password_again": "not the same one"}
        pages.append(client.post("/account/password", data=form))
        pages.append(client.post("/users", data={"user_name": "", "role": "x", "new_password": "for a new colleague"}))
    typed = (
        "typed in the wrong field",
        "almost right secret",
        "quite another one",
        "not the same one",
        "new colleague",
    )
    told = [page.text for page in pages[1:]] + [caplog.text, str(actions(app))]
    assert not [one for one in (SECRET, *typed) for text in told if one in text]
    assert SECRET not in caplog.text
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"$argon2id$" in stored
    assert not [one for one in (SECRET, GIVEN, *typed) if one.encode() in stored]
    token = next(iter(client.cookies.values()), "-")
    assert token.encode() not in stored
    assert token not in caplog.text


def test_what_happened_is_in_the_audit_log(app, caplog) -> None:
    # catches: log-ins and looks at a person that leave no trace; a trace for every page of one visit
    client = browser(app)
    with caplog.at_level(logging.WARNING, "magnes.web"):
        log_in(client, "Anna", "wrong password here")
        log_in(client, "Nobody", "wrong password here")
    assert caplog.text.count("log-in failed") == 2
    assert "Nobody" not in caplog.text
    log_in(client)
    form = {"label": "Wim", "age_years": "40", "sex": "male"}
    person = client.post("/people", data=form).headers["location"].split("/")[2]
    for _ in range(3):
        client.get(f"/people/{person}")
        client.get(f"/people/{person}/audit")
    client.post("/logout")
    done = [action for action, _ in actions(app)]
    for action, times in {"login_failed": 1, "logged_in": 1, "person_opened": 1, "logged_out": 1}.items():
        assert done.count(action) == times, action
    assert "Wim" not in str(actions(app))
    log_in(client)
    assert "bekeken" in client.get("/audit").text
    assert "bekeken" in client.get(f"/people/{person}/audit").text


def test_every_action_has_words() -> None:
    # catches: a new kind of row in the audit log that ends in a KeyError before the owner
    assert [action for action in ACTIONS if f"web.audit.action.{action}" not in catalogue("nl")] == []
    assert {key.rpartition(".")[2] for key in catalogue("nl") if key.startswith("web.audit.action.")} == set(ACTIONS)


def test_without_practice_mode_there_is_no_log_in(tmp_path: Path) -> None:
    # catches: pages of users that work where nobody is asked who they are
    store = open_store(str(tmp_path / "a.sqlite"))
    client = browser(create_app(ServeConfig("a"), store))
    assert [client.get(path).status_code for path in ("/users", "/account")] == [404, 404]
    assert [client.get(path).headers["location"] for path in ("/login", "/login/first", "/setup")] == ["/"] * 3
    assert client.post("/users", data={"user_name": "Eve", "role": "owner", "new_password": SECRET}).status_code == 404
    assert client.post("/login", data={"user_name": "local", "password": ""}).headers["location"] == "/login"
    assert 'action="/logout"' not in client.get("/").text
    store.close()


def test_header_shows_who_is_logged_in_and_what_the_owner_may(app) -> None:
    # catches: a shared computer on which nobody sees whose session is open
    client, bo = browser(app), browser(app)
    log_in(client)
    page = client.get("/").text
    for part in ("Anna", 'action="/logout"', 'href="/users"', 'href="/audit"', 'href="/account"'):
        assert part in page
    bo.post("/login/first", data={"user_name": "Bo", "password": GIVEN, "new_password": OTHER,
                                  "new_password_again": OTHER})  # fmt: skip
    page = bo.get("/").text
    assert 'action="/logout"' in page
    assert 'href="/users"' not in page
    assert 'href="/audit"' not in page


@pytest.mark.parametrize("goal", ["//evil.example", "https://evil.example", "/\\evil.example", "\\/evil", "/a\r\nx: y",
                                  "javascript:alert(1)", "/\t/evil.example", "", "people"])  # fmt: skip
def test_nobody_is_led_to_another_site(app, goal: str) -> None:
    # catches: an open redirect: a link to this app that ends on a page that asks for the password again
    from magnes.apps.web.doors import own_path

    assert own_path(goal) == "/"
    assert own_path("/people/3/diary?day=2026-03-02") == "/people/3/diary?day=2026-03-02"
    answer = browser(app).post(
        "/login", params={"next": goal}, data={"user_name": "Anna", "password": SECRET, "next": goal}
    )
    assert answer.headers["location"] == "/"


def test_script_without_log_in_hears_so(app) -> None:
    # catches: htmx that puts a whole log-in page into a corner of the page
    answer = browser(app).get("/account", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/login")


def test_parameters_of_the_hash_are_at_least_those_of_owasp() -> None:
    # catches: another algorithm or weaker parameters. OWASP: Argon2id, 19 MiB, 2 passes, 1 lane
    assert re.match(r"\$argon2id\$v=19\$m=19456,t=2,p=1\$", HASHES[SECRET])
    assert HASHER.memory_cost >= 19 * 1024
    assert HASHER.time_cost >= 2
    assert HASHER.salt_len >= 16
    assert hashed(SECRET) != HASHES[SECRET]
    assert HASHES[GIVEN].startswith(FIRST)


def test_password_matches_whatever_keyboard_typed_it() -> None:
    # catches: an é of two signs that is not the é of one; a password cut at some length; a long one that hangs
    stored = hashed("één café om de hoek 🦆" + "x" * 100)
    assert matches("e\u0301e\u0301n cafe\u0301 om de hoek 🦆" + "x" * 100, stored)
    assert not matches("één café om de hoek 🦆" + "x" * 99, stored)
    assert not matches("x" * 10_000_000, stored)
    assert not matches("", None)
    assert not matches(SECRET, "not a hash")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("kort", "password_short"), ("elf tekens.", "password_short"), ("a     b     c", "password_short"),
        ("x" * 129, "password_long"), ("aaaaaaaaaaaa", "password_common"), ("123456789012", "password_common"),
        ("210987654321", "password_common"), ("qwertyuiopas", "password_common"), ("azertyuiopqs", "password_common"),
        ("Wachtwoord2024!", "password_common"), ("W@chtw00rd-2024", "password_common"),
        ("welkom123456", "password_common"),
        ("passwordpassword", "password_common"), ("CorrectHorseBatteryStaple", "password_common"),
        ("Anna Jansen 2026", "password_name"), ("praktijk-zee-1", "password_name"),
        ("praktijkzeepraktijkzee", "password_name"),
        ("magnesium2026!", "password_name"),
        (SECRET, ""), (OTHER, ""), ("twaalf teken", ""), ("é😀ü ñ wörter zijn goed", ""), ("x7 " * 42, ""),
        ("alle kleine letters", ""),
    ],
)  # fmt: skip
def test_long_passwords_are_good_and_common_ones_are_not(password: str, code: str) -> None:
    # catches: rules about kinds of signs, and passwords that everybody tries first
    if code == "" and len(set(password)) < 5:
        code = "password_common"
    found = check_password(password, ("Anna Jansen", "Praktijk Zee"))
    assert [problem.code for problem in found] == ([code] if code else [])
