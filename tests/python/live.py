# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""A served bench as a client of its HTTP API sees it."""

import contextlib
import http.client
import json
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

from conftest import Served, wait_until


class Answer:
    """Status, headers and body of one answer."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def problem(self) -> str:
        return str(self.json()["problem"])


class Live:
    """The API of one `doppelpack serve --http`; every request is a connection of its own."""

    def __init__(self, served: Served, token: str | None = None) -> None:
        found = wait_until(lambda: re.search(r"http://(\S+):(\d+)/", "".join(served.output)))
        self.host, self.port = found[1].strip("[]"), int(found[2])
        self.url = found[0]
        self._own = {} if token is None else {"Authorization": f"Bearer {token}"}

    def ask(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Answer:
        with contextlib.closing(self._connect()) as connection:
            data = json.dumps(body).encode() if body is not None else None
            kind = {"Content-Type": "application/json"} if body is not None else {}
            connection.request(method, path, data, {**self._own, **kind, **(headers or {})})
            return Answer(connection.getresponse())

    def get(self, path: str) -> Any:
        answer = self.ask("GET", f"/api/v1/{path}")
        assert answer.status == 200, answer.body
        return answer.json()

    def post(self, path: str, **body: object) -> Any:
        answer = self.ask("POST", f"/api/v1/{path}", body)
        assert answer.status == 200, answer.body
        return answer.json()

    def signal(self, name: str) -> dict[str, Any]:
        (signal,) = self.get(f"signals?match={name}")
        return signal  # type: ignore[no-any-return]

    def text(self, name: str) -> str:
        return str(self.signal(name)["text"])

    @contextlib.contextmanager
    def stream(self, query: str) -> Iterator[Iterator[tuple[str, Any]]]:
        """Events of the stream as (event, data)."""
        with contextlib.closing(self._connect()) as connection:
            connection.request("GET", f"/api/v1/stream?{query}", headers=self._own)
            response = connection.getresponse()
            assert response.status == 200, response.read()
            yield self._events(response)

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, self.port, timeout=10)

    @staticmethod
    def _events(response: http.client.HTTPResponse) -> Iterator[tuple[str, Any]]:
        event = ""
        for line in response:
            if line.startswith(b"event: "):
                event = line[7:].decode().strip()
            elif line.startswith(b"data: "):
                yield event, json.loads(line[6:])


def first(events: Iterator[tuple[str, Any]], wanted: str, holds: Callable[[Any], bool]) -> Any:
    """The first `wanted` event that satisfies `holds`; fails after 15 s of the host."""
    too_late = threading.Event()
    timer = threading.Timer(15, too_late.set)
    timer.start()
    try:
        for event, data in events:
            if event == wanted and holds(data):
                return data
            assert not too_late.is_set(), f"no such {wanted} in time"
    finally:
        timer.cancel()
    raise AssertionError("the stream ended")
