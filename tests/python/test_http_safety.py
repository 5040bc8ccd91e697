# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Who may talk to `serve --http`, and how much a client can ask of it."""

import contextlib
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import Served, wait_until
from live import Live, first

Serve = Callable[..., Served]
TOKEN = "correct-horse-battery"


@pytest.fixture
def live(serve: Serve) -> Live:
    """A pack that stands still from the start on."""
    live = Live(serve("pylontech-us5000", "--http", "127.0.0.1:0"))
    live.post("clock", is_running=False)
    return live


def with_token(serve: Serve, folder: Path, address: str = "127.0.0.1:0") -> Live:
    file = folder / "token"
    file.write_text(TOKEN + "\n", encoding="utf-8")
    served = serve("generic-16s", "--http", address, "--http-token-file", file)
    return Live(served, TOKEN)


# ---- refusals ----


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_other_origins(live: Live, origin: str) -> None:
    for method, path in (("POST", "/api/v1/clock"), ("GET", "/api/v1/state"), ("GET", "/")):
        body = {"speed": 9} if method == "POST" else None
        assert live.ask(method, path, body, {"Origin": origin}).status == 403
    assert live.get("state")["speed"] == 1


def test_the_own_origin(live: Live) -> None:
    own = f"http://127.0.0.1:{live.port}"
    assert live.ask("POST", "/api/v1/clock", {"speed": 9}, {"Origin": own}).status == 200


def test_other_sites_in_the_browser(live: Live) -> None:
    for site in ("cross-site", "same-site"):
        assert live.ask("GET", "/api/v1/state", None, {"Sec-Fetch-Site": site}).status == 403
    assert live.ask("GET", "/api/v1/state", None, {"Sec-Fetch-Site": "same-origin"}).status == 200


def test_a_name_that_was_made_to_point_here(live: Live) -> None:
    for host in ("evil.example", f"evil.example:{live.port}", "127.evil.example", ""):
        assert live.ask("GET", "/api/v1/state", None, {"Host": host}).status in (400, 403)
    assert live.ask("GET", "/api/v1/state", None, {"Host": "localhost"}).status == 200


def test_a_form_of_another_page(live: Live) -> None:
    body = {"speed": 9}
    answer = live.ask("POST", "/api/v1/clock", body, {"Content-Type": "text/plain"})
    assert answer.status == 415


def test_an_open_address_wants_a_token(run: Callable[..., Any]) -> None:
    for address in ("0.0.0.0:0", "[::]:0"):
        result = run("serve", "generic-16s", "--http", address)
        assert result.returncode == 2
        assert "--http-token-file" in result.stderr


@pytest.mark.parametrize("address", ["nowhere", "127.0.0.1:70000", "example.org:80", "[::1]"])
def test_addresses_that_are_none(run: Callable[..., Any], address: str) -> None:
    result = run("serve", "generic-16s", "--http", address)
    assert result.returncode == 2
    assert "ADDRESS:PORT" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_port_that_is_taken(run: Callable[..., Any], live: Live) -> None:
    result = run("serve", "generic-16s", "--http", f"127.0.0.1:{live.port}")
    assert result.returncode == 2
    assert "cannot listen" in result.stderr


def test_a_token_that_could_be_guessed(run: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("short\n", encoding="utf-8")
    arguments = ("serve", "generic-16s", "--http", "0.0.0.0:0", "--http-token-file")
    for path, words in ((file, "at least 16"), (tmp_path / "none", "cannot be read")):
        result = run(*arguments, path)
        assert result.returncode == 2
        assert words in result.stderr


def test_without_the_token_only_the_page(serve: Serve, tmp_path: Path) -> None:
    live = with_token(serve, tmp_path)
    for given in ("", "Bearer ", "Bearer wrong-horse-battery", f"Basic {TOKEN}"):
        for path in ("/api/v1/state", "/api/v1/stream", "/metrics"):
            answer = live.ask("GET", path, None, {"Authorization": given})
            assert answer.status == 401
            assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert live.get("state")["speed"] == 1
    assert live.ask("GET", "/", None, {"Authorization": ""}).status == 200


def test_with_the_token_from_anywhere(serve: Serve, tmp_path: Path) -> None:
    live = with_token(serve, tmp_path, "0.0.0.0:0")
    live.host = "127.0.0.1"
    assert live.get("state")["speed"] == 1
    assert live.ask("GET", "/api/v1/state", None, {"Host": "bench.local"}).status == 200
    other = {"Host": "bench.local", "Origin": "http://evil.example"}
    assert live.ask("GET", "/api/v1/state", None, other).status == 403


# ---- bounds ----


def test_long_bodies_are_not_read(live: Live) -> None:
    answer = live.ask("POST", "/api/v1/set", {"name": "x" * 20_000, "value": 0})
    assert answer.status == 413
    huge = {"Content-Length": "1000000000000", "Content-Type": "application/json"}
    assert live.ask("POST", "/api/v1/set", None, huge).status == 413
    chunked = {"Transfer-Encoding": "chunked", "Content-Type": "application/json"}
    assert live.ask("POST", "/api/v1/set", None, chunked).status == 411


def test_heads_without_end_are_cut(live: Live) -> None:
    with socket.create_connection((live.host, live.port), timeout=10) as connection:
        connection.sendall(b"GET /api/v1/state HTTP/1.1\r\nHost: localhost\r\n")
        with contextlib.suppress(OSError):
            for i in range(3000):
                connection.sendall(b"X-%d: %s\r\n" % (i, b"y" * 100))
            connection.sendall(b"\r\n")
        with contextlib.suppress(ConnectionResetError):
            answer = connection.recv(4096)
            assert answer == b"" or answer.split()[1] in (b"413", b"431")
    assert live.get("state")["speed"] == 1


def test_paths_stay_inside(live: Live) -> None:
    for path in ("/../CMakeLists.txt", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../x", "//etc"):
        assert live.ask("GET", path).status == 404


def test_wrong_methods(live: Live) -> None:
    answer = live.ask("DELETE", "/api/v1/state")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET")
    assert live.ask("PUT", "/nothing").status == 404


def test_as_many_streams_as_there_may_be(live: Live) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(16):
            events = stack.enter_context(live.stream("signals=bms1/state"))
            first(events, "frame", lambda _: True)
        assert live.ask("GET", "/api/v1/stream").status == 503
        assert live.get("state")["speed"] == 1
    wait_until(lambda: live.ask("GET", "/metrics").body.count(b"doppelpack_streams 0\n") == 1)
    with live.stream("signals=bms1/state") as events:
        first(events, "frame", lambda _: True)


@pytest.mark.parametrize("rate", ["0", "41", "fast", "nan"])
def test_rates_that_are_none(live: Live, rate: str) -> None:
    assert live.ask("GET", f"/api/v1/stream?rate={rate}").status == 400


def metric(live: Live, name: str) -> float:
    (value,) = re.findall(rf"^{name} (\S+)$", live.ask("GET", "/metrics").body.decode(), re.M)
    return float(value)


def grows_in_a_while(live: Live, name: str) -> bool:
    """Whether it does, within five simulated seconds; that these come is asserted."""
    before, begin = metric(live, name), live.get("state")["t_s"]
    wait_until(lambda: live.get("state")["t_s"] > begin + 5)
    return metric(live, name) > before


def test_clients_that_do_not_read_stop_nothing(live: Live) -> None:
    request = b"GET /api/v1/stream?signals=*&rate=40 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with contextlib.ExitStack() as stack:
        for _ in range(8):
            deaf = stack.enter_context(socket.socket())
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.connect((live.host, live.port))
            deaf.sendall(request)
        live.post("clock", is_running=True, speed=5)
        wait_until(lambda: not grows_in_a_while(live, "doppelpack_stream_frames_total"), 60)
        assert live.post("clock", is_running=False)["is_running"] is False


def test_stopping_ends_the_streams(serve: Serve) -> None:
    served = serve("generic-16s", "--http", "127.0.0.1:0")
    live = Live(served)
    with live.stream("signals=bms1/state") as events:
        first(events, "frame", lambda _: True)
        assert served.stop() == 0


def test_the_page_is_there_and_keeps_to_itself(live: Live) -> None:
    answer = live.ask("GET", "/")
    assert answer.status == 200, "the page was not built"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    page = answer.body.decode()
    assets = re.findall(r'(?:src|href)="(\./[^"]+)"', page)
    assert assets
    for asset in assets:
        assert live.ask("GET", asset[1:]).status == 200
    others = [urlsplit(link) for link in re.findall(r'(?:src|href)="(http[^"]+)"', page)]
    assert others == []
