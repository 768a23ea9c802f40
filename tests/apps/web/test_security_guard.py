"""What stands before every page: host, origin, size, headers, mistakes, the proxy, and how the server may be opened."""

import logging
import ssl
from pathlib import Path

import pytest
import uvicorn
from starlette.testclient import TestClient
from web_walk import HEAVY, House, Scripts, house, routes, single

from magnes.apps.web.app import create_app
from magnes.apps.web.config import LOOPBACK, ServeConfig, refusals
from magnes.apps.web.guard import CSP, HEADERS
from magnes.apps.web.serve import CIPHERS, server_options

CERT = Path("cert.pem")
EVERYWHERE = "::"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory):
    made = house(tmp_path_factory.mktemp("house"))
    yield made
    made.store.close()


@pytest.fixture
def local(tmp_path: Path):
    client = single(tmp_path)
    yield client
    client.app.state.store.close()


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8460", "localhost.evil.example", "localhost.", "127.0.0.1.nip.io", "[::2]",
     "10.0.0.1", "evil@localhost", "localhost/evil", "localhost:8460:1", "", " ", "192.168.1.7", "localhost\\evil"],
)  # fmt: skip
def test_unknown_host_is_refused(local: TestClient, host: str) -> None:
    # catches: DNS rebinding: a name of an attacker that points to this computer reads what is stored
    answer = local.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "people/new" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "localhost:8460", "127.0.0.1:8460", "[::1]:8460", "LOCALHOST"])
def test_own_hosts_are_served(local: TestClient, host: str) -> None:
    # catches: a check that refuses this computer itself
    assert local.get("/", headers={"host": host}).status_code == 200


def test_two_hosts_are_refused(local: TestClient) -> None:
    # catches: a check of the first host header while something behind reads the second
    answer = local.get("/", headers=[("host", "localhost"), ("host", "evil.example")])
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}, 403),
        ({"sec-fetch-site": "same-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, 200),
        ({"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, 200),
        ({"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}, 200),
    ],
)
def test_other_sites_load_nothing_in_the_background(local: TestClient, headers: dict[str, str], status: int) -> None:
    # catches: an image on another site that starts an hour of computing, a script that measures answers
    assert local.get("/", headers=headers).status_code == status


def test_same_origin_without_origin_header_may_write(local: TestClient) -> None:
    # catches: a check that refuses browsers that send one of the two headers only
    del local.headers["origin"]
    answer = local.post("/people", data={}, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/", "/nowhere", "/people/999", "/static/app.css", "/static/nowhere", "/people/x"])
def test_every_answer_carries_the_headers(local: TestClient, path: str) -> None:
    # catches: an error page without the headers: one page that may be framed or cached is enough
    answer = local.get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "server" not in answer.headers
    assert "strict-transport-security" not in answer.headers
    if not path.startswith("/static/"):
        assert answer.headers["cache-control"] == "no-store"
    assert answer.headers.get("content-type", "").partition(";")[0] in ("text/html", "text/css", "text/plain")


def test_refusals_carry_the_headers(local: TestClient) -> None:
    # catches: refusals that bypass the header code
    refused = [
        local.get("/", headers={"host": "evil.example"}),
        local.post("/people", headers={"origin": "null"}),
        local.post("/people", content=b"x", headers={"content-type": "text/plain"}),
        local.post("/people", content=b"x" * 1_100_000, headers={"content-type": "application/x-www-form-urlencoded"}),
        local.request("DELETE", "/people"),
    ]
    assert [answer.status_code for answer in refused] == [400, 403, 415, 413, 405]
    for answer in refused:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert answer.headers["cache-control"] == "no-store"


def test_policy_names_no_other_host_and_no_exception() -> None:
    # catches: 'unsafe-inline', 'unsafe-eval' or a foreign host slipped into the policy
    assert "unsafe" not in CSP
    assert "http" not in CSP
    assert "*" not in CSP
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert part in CSP


def test_no_page_holds_script_style_or_foreign_address(kept: House) -> None:
    # catches: an inline handler or style that the policy would block, or that a weaker policy would run
    client, seen = kept.client(kept.a), 0
    for route in routes(kept.app):
        if route.method != "GET" or HEAVY.search(route.path):
            continue
        for url in route.urls([kept.a.people[0], kept.a.entries[0]], ("2026-03-02",)):
            answer = client.get(url)
            if answer.status_code == 200 and answer.headers.get("content-type", "").startswith("text/html"):
                assert Scripts(answer.text).found == [], url
                seen += 1
    assert seen >= 7
    for path in ("/login", "/login/first"):
        assert Scripts(kept.client().get(path).text).found == []


def test_checker_of_pages_finds_what_it_looks_for() -> None:
    # catches: a checker that finds nothing in anything
    bad = [
        "<script>1</script>",
        "<p onclick=a()>",
        "<p style='x'>",
        "<a href='java\tscript:1'>",
        "<img src=//e.example/x>",
    ]
    assert all(
        Scripts(page).found for page in [*bad, "<iframe></iframe>", "<base href=/>", "<script src=//e/x></script>"]
    )
    assert Scripts("<script src='/static/a.js'></script><a href='https://doi.org/1'>x</a>").found == []


def test_mistake_of_ours_shows_and_logs_nothing_that_was_typed(local: TestClient, caplog) -> None:
    # catches: a stack trace or the text of an exception, which may hold health data, on a page or in a log
    def broken() -> None:
        raise ValueError("secret of Anna")

    local.app.add_api_route("/broken", broken)
    with caplog.at_level(logging.DEBUG):
        answer = local.get("/broken")
    assert answer.status_code == 500
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    for told in (answer.text, caplog.text):
        assert "secret" not in told
    for inside in ("Traceback", "ValueError", "broken()", ".py"):
        assert inside not in answer.text
    assert "ValueError in" in caplog.text
    assert "test_security_guard.py" in caplog.text


def test_log_takes_one_line_for_one_event(local: TestClient, caplog) -> None:
    # catches: a path with line ends that writes lines of its own into the log
    def broken() -> None:
        raise ValueError

    local.app.add_api_route("/broken/{text}", broken)
    with caplog.at_level(logging.WARNING, "magnes.web"):
        local.get("/broken/a%0A2026-01-01%20log-in%20failed")
        local.get("/", headers={"host": b"evil\x85example"})
    assert all("\n" not in record.getMessage() for record in caplog.records)
    assert len(caplog.records) == 2


def test_body_without_honest_length_is_cut(local: TestClient) -> None:
    # catches: a stream without a length that fills the memory
    sent = 0

    def endless():
        nonlocal sent
        while sent < 400_000_000:
            sent += 100_000
            yield b"a" * 100_000

    answer = local.post("/people", content=endless(), headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize(
    ("path", "kind", "length", "status"),
    [
        ("/people", "multipart/form-data; boundary=x", 26_000_000, 413),
        ("/people", "application/x-www-form-urlencoded", 1_000_001, 413),
        ("/login", "application/x-www-form-urlencoded", 16_001, 413),
        ("/login", "multipart/form-data; boundary=x", 16_001, 413),
        ("/people", "application/json", 2, 415),
        ("/people", "text/plain", 2, 415),
        ("/people", "", 2, 415),
    ],
)
def test_size_and_kind_are_judged_before_reading(kept: House, path: str, kind: str, length: int, status: int) -> None:
    # catches: a body that is read, or parsed as something else, before it is judged
    headers = {"content-type": kind, "content-length": str(length)}
    answer = kept.client().post(path, content=b"a=", headers=headers)
    assert answer.status_code == status


def test_health_data_never_travels_plain_where_https_is_meant(tmp_path: Path) -> None:
    # catches: somebody on the network who reaches the server past the proxy, without encryption
    config = ServeConfig(str(tmp_path / "a.sqlite"), practice=True, trusted_proxy="10.0.0.1", hosts=("magnes.lan",))
    app = create_app(config)
    plain, safe = TestClient(app, "http://magnes.lan"), TestClient(app, "https://magnes.lan")
    assert plain.get("/login").status_code == 400
    answer = safe.get("/login", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    app.state.store.close()


async def address_behind(trusted: str, peer: str, forwarded: str, seen: list[tuple[str, str]]) -> None:
    async def app(scope, receive, send) -> None:
        from magnes.apps.web.doors import client_address

        seen.append((client_address(scope), scope["scheme"]))

    options = server_options(ServeConfig("x", practice=True, trusted_proxy=trusted))
    config = uvicorn.Config(app, **options)
    config.load()
    headers = [(b"x-forwarded-for", forwarded.encode()), (b"x-forwarded-proto", b"https")]
    scope = {"type": "http", "client": (peer, 1), "scheme": "http", "headers": headers}
    await config.loaded_app(scope, None, None)


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "found"),
    [
        ("10.0.0.1", "10.0.0.1", "192.0.2.7", ("192.0.2.7", "https")),
        ("10.0.0.1", "10.0.0.1", "1.1.1.1, 192.0.2.7", ("192.0.2.7", "https")),  # the left one is the client's own word
        ("10.0.0.1", "10.0.0.9", "192.0.2.7", ("10.0.0.9", "http")),
        ("", "10.0.0.9", "192.0.2.7", ("10.0.0.9", "http")),
        ("", "127.0.0.1", "192.0.2.7", ("127.0.0.1", "http")),
        ("10.0.0.1", "10.0.0.1", "<script>", ("", "https")),
        ("10.0.0.1", "10.0.0.1", "2001:db8:1:2:3::4", ("2001:db8:1:2::/64", "https")),
    ],
)
def test_only_the_trusted_proxy_says_who_asks(trusted: str, peer: str, forwarded: str, found: tuple[str, str]) -> None:
    # catches: anybody who writes X-Forwarded-For and so gets a fresh limit for each try
    import asyncio

    seen: list[tuple[str, str]] = []
    asyncio.run(address_behind(trusted, peer, forwarded, seen))
    assert seen == [found]


def test_only_strong_ciphers() -> None:
    # catches: the server's default list, with ciphers without authenticated encryption
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(CIPHERS)
    named = [cipher["name"] for cipher in context.get_ciphers()]
    versions = {cipher["protocol"] for cipher in context.get_ciphers()}
    assert named
    assert all("GCM" in name or "CHACHA20" in name or "CCM" in name for name in named)
    assert versions <= {
        "TLSv1.2",
        "TLSv1.3",
    }  # of older versions none is left to agree on, whatever the system's minimum
    assert server_options(ServeConfig("x"))["ssl_ciphers"] == CIPHERS


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ({}, []),
        ({"host": "::1"}, []),
        ({"practice": True}, []),
        ({"host": EVERYWHERE}, ["serve_needs_practice", "serve_needs_tls"]),
        ({"host": "192.168.1.4", "practice": True}, ["serve_needs_tls"]),
        ({"host": EVERYWHERE, "tls_cert": CERT, "tls_key": CERT}, ["serve_needs_practice"]),
        ({"host": EVERYWHERE, "practice": True, "tls_cert": CERT, "tls_key": CERT}, []),
        ({"host": EVERYWHERE, "practice": True, "tls_cert": CERT}, ["serve_tls_pair"]),
        ({"host": EVERYWHERE, "practice": True, "trusted_proxy": "10.0.0.1"}, []),
        ({"trusted_proxy": "127.0.0.1"}, ["serve_needs_practice"]),
        ({"practice": True, "trusted_proxy": "*"}, ["serve_proxy"]),
        ({"practice": True, "trusted_proxy": "0.0.0.0/0"}, ["serve_proxy"]),
        ({"practice": True, "trusted_proxy": "proxy.lan"}, ["serve_proxy"]),
        ({"host": "localhost.evil.example"}, ["serve_needs_practice", "serve_needs_tls"]),
    ],
)
def test_server_is_not_opened_unsafely(options: dict, codes: list[str]) -> None:
    # catches: a server on the network without log-in or encryption, also by way of a proxy on this computer
    assert [problem.code for problem in refusals(ServeConfig("x", **options))] == codes


def test_this_computer_only_unless_asked() -> None:
    # catches: a default that listens on every network
    assert ServeConfig("x").host == "127.0.0.1"
    assert ServeConfig("x").hosts == LOOPBACK
    assert server_options(ServeConfig("x"))["host"] == "127.0.0.1"


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/....//app.py", "/static/",
     "/static/..%5capp.py", "/static/%00", "/static//etc/passwd", "/static/.",
     "/openapi.json", "/docs", "/.git/config"],
)  # fmt: skip
def test_no_file_but_the_static_ones(local: TestClient, path: str) -> None:
    # catches: a path that climbs out of the folder, a listing of it, a description of the routes
    answer = local.get(path)
    assert answer.status_code in (400, 404), (path, answer.status_code)
    assert "import" not in answer.text


def test_web_sockets_are_closed(local: TestClient) -> None:
    # catches: a door that neither the host check nor the origin check watches
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), local.websocket_connect("/"):
        pass
