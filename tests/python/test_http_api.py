# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The HTTP API of `serve --http`: what it does, and that openapi.yaml says so."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import can
import jsonschema
import openapi_spec_validator
import pytest
import yaml
from conftest import ROOT, Served, wait_until
from live import Live, first

Serve = Callable[..., Served]
OPENAPI = yaml.safe_load((ROOT / "sim" / "http" / "openapi.yaml").read_text(encoding="utf-8"))
COMMANDS: dict[str, dict[str, Any]] = {
    "clock": {"speed": 2},
    "step": {"duration_s": 0.01},
    "press": {"button": "power"},
    "set": {"name": "inverter1/demand_W", "value": 500},
    "inject": {"fault": "can-unplugged", "id": "pulled"},
    "clear": {"id": "pulled"},
    "snapshot": {"name": "before"},
    "restore": {"snapshot": 1},
}


@pytest.fixture
def live(serve: Serve) -> Live:
    """A pack that charges, and stands still from the start on."""
    live = Live(serve("pylontech-us5000", "--power", "1 kW", "--http", "127.0.0.1:0"))
    live.post("clock", is_running=False)
    return live


def run_for(live: Live, seconds: float) -> None:
    """Steps, and waits until the step is done."""
    end = live.get("state")["t_s"] + seconds
    live.post("step", duration_s=seconds)
    wait_until(lambda: live.get("state")["t_s"] >= end - 1e-6, 60)


# ---- the document ----


def schema_of(path: str, method: str) -> dict[str, Any]:
    response = OPENAPI["paths"][path][method]["responses"]["200"]
    if "$ref" in response:
        response = OPENAPI["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    return {
        **response["content"]["application/json"]["schema"],
        "components": OPENAPI["components"],
    }


def check(value: object, path: str, method: str) -> None:
    jsonschema.validate(value, schema_of(path, method))


def test_the_document_is_valid_openapi() -> None:
    openapi_spec_validator.validate(OPENAPI)


def test_the_document_is_served(live: Live) -> None:
    answer = live.ask("GET", "/openapi.yaml")
    assert answer.headers["Content-Type"] == "application/yaml"
    assert yaml.safe_load(answer.body) == OPENAPI


def test_every_path_is_there_and_no_other() -> None:
    routes = (ROOT / "sim" / "http" / "routes.cpp").read_text(encoding="utf-8")
    served = set(re.findall(r'Route\{"(\w+)", "([^"]+)"', routes))
    described = {(m.upper(), path) for path, item in OPENAPI["paths"].items() for m in item}
    assert served == described


@pytest.mark.parametrize("path", ["bench", "state", "signals", "faults", "events", "buses"])
def test_what_is_read_is_as_described(live: Live, path: str) -> None:
    run_for(live, 3)
    check(live.get(path), f"/api/v1/{path}", "get")


@pytest.mark.parametrize("product", ["telecom-48v", "dyness-tower", "dyness-bx51100"])
def test_other_products_are_as_described(serve: Serve, product: str) -> None:
    live = Live(serve(product, "--http", "127.0.0.1:0", "--packs", 3))
    for path in ("bench", "buses"):
        check(live.get(path), f"/api/v1/{path}", "get")
    assert len(live.get("bench")["packs"]) == 3


def test_a_panel_is_as_printed(serve: Serve) -> None:
    live = Live(serve("telecom-48v", "--http", "127.0.0.1:0"))
    panel = live.get("bench")["packs"][0]["panel"]
    lamps = [(lamp["name"], lamp["label"], lamp["colour"]) for lamp in panel["lamps"]]
    assert lamps[:3] == [
        ("error", "ERR", "red"),
        ("run", "RUN", "green"),
        ("alarm", "ALM", "yellow"),
    ]
    assert [lamp[1] for lamp in lamps[3:]] == ["25 %", "50 %", "75 %", "100 %"]
    assert [button["label"] for button in panel["buttons"]] == ["RESET", "ON/OFF"]
    assert panel["has_buzzer"]


def test_commands_are_as_described(live: Live) -> None:
    for command, body in COMMANDS.items():
        described = OPENAPI["paths"][f"/api/v1/{command}"]["post"]["requestBody"]["content"]
        schema = {**described["application/json"]["schema"], "components": OPENAPI["components"]}
        jsonschema.validate(body, schema)
        check(live.post(command, **body), f"/api/v1/{command}", "post")


# ---- commands ----


def test_time_stands_still_and_steps(live: Live) -> None:
    before = live.get("state")
    assert not before["is_running"]
    run_for(live, 2.5)
    after = live.get("state")
    assert after["t_s"] == pytest.approx(before["t_s"] + 2.5)
    assert not after["is_running"]


def test_speed(live: Live) -> None:
    state = live.post("clock", speed=50, is_running=True)
    assert (state["speed"], state["is_running"]) == (50, True)
    begin = state["t_s"]
    wait_until(lambda: live.get("state")["t_s"] > begin + 60)
    assert live.get("state")["timing"]["achieved_speed"] > 0


def test_power_pressed_switches_off_and_on(live: Live) -> None:
    run_for(live, 2)
    assert live.text("bms1/state") == "charge"
    assert live.text("panel1/run/is_lit") == "yes"
    live.post("set", name="inverter1/demand_W", value=0)  # it does not leave while it is charged
    run_for(live, 2)
    live.post("press", button="power", duration_s=2.5)
    run_for(live, 10)
    assert live.text("bms1/state") == "off"
    assert live.text("panel1/run/is_lit") == "no"
    live.post("press", button="power", duration_s=1)
    run_for(live, 3)
    assert live.text("bms1/state") == "standby"


def test_a_fault_is_seen_on_bus_and_panel(live: Live) -> None:
    run_for(live, 2)
    state = live.post("inject", fault="ntc-open", target=2, id="wire")
    assert [(f["id"], f["target"]) for f in state["faults"]] == [("wire", 2)]
    run_for(live, 10)
    assert live.text("bms1/state") == "protection"
    assert live.text("panel1/alarm/is_lit") == "yes"
    rows = {row["id"]: row.get("values", {}) for row in live.get("buses")["can1"]}
    assert rows["35C"]["is_charge_allowed"] == "no"
    assert live.post("clear", id="wire")["faults"] == []


def test_a_severity_has_its_unit(live: Live) -> None:
    state = live.post("inject", fault="cell-internal-short", target=3, severity="2 Ohm")
    assert state["faults"][0]["severity"] == 2.0
    state = live.post("inject", fault="cell-internal-short", target=3, severity=4)
    assert state["faults"][0]["severity"] == 4.0


def test_a_fault_grows_and_goes(live: Live) -> None:
    offset = {"fault": "ntc-offset", "target": 2, "id": "drift"}
    live.post("inject", **offset, severity=0, ramp_to="10 K", ramp_s=10, duration_s=20)
    run_for(live, 15)
    warm, cold = (float(live.signal(f"bms1/ntc{n}/T_degC")["value"]) for n in (2, 1))
    assert warm - cold == pytest.approx(10, abs=1)
    run_for(live, 6)
    assert live.get("state")["faults"] == []


def test_a_ramp_has_an_end_and_a_length(live: Live) -> None:
    for half in ({"ramp_s": 10}, {"ramp_to": 10}):
        body = {"fault": "ntc-offset", "target": 2, **half}
        answer = live.ask("POST", "/api/v1/inject", body)
        assert (answer.status, answer.problem) == (400, "ramp_s: expected together with ramp_to")


@pytest.mark.parametrize(
    ("value", "text"), [(-500, "-500 W"), ("1.5 kW", "1500 W"), ("20", "20 W")]
)
def test_controls(live: Live, value: object, text: str) -> None:
    live.post("set", name="inverter1/demand_W", value=value)
    assert live.text("inverter1/demand_W") == text


def test_dip_switches(live: Live) -> None:
    live.post("set", name="bms1/dip", value=5)
    assert live.signal("bms1/dip")["value"] == 5


def test_words_are_values_too(live: Live) -> None:
    live.post("set", name="inverter1/is_connected", value="no")
    assert live.text("inverter1/is_connected") == "no"
    live.post("set", name="inverter1/is_connected", value=True)
    assert live.text("inverter1/is_connected") == "yes"


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("inject", {"fault": "ntc-opn", "target": 1}, "did you mean ntc-open"),
    ("inject", {"fault": "ntc-open"}, "found no target"),
    ("inject", {"fault": "ntc-open", "target": 99}, "1..7"),
    ("inject", {"fault": "cell-internal-short", "target": 1, "severity": "3 V"}, "severity"),
    ("inject", {"fault": "ntc-open", "target": 1, "pack": 2}, "1..1"),
    ("clear", {"id": "nothing"}, "active fault"),
    ("set", {"name": "pack1/soc", "value": 1}, "only be read"),
    ("set", {"name": "inverter1/demand_W", "value": "3 V"}, "value"),
    ("press", {"button": "doorbell"}, "power, reset, switch, wake"),
]


@pytest.mark.parametrize(("command", "body", "words"), REFUSED)
def test_what_the_bench_refuses(live: Live, command: str, body: dict[str, Any], words: str) -> None:
    answer = live.ask("POST", f"/api/v1/{command}", body)
    assert answer.status == 422
    assert words in answer.problem
    assert "\n" not in answer.problem


MALFORMED: list[tuple[str, object, str]] = [
    ("step", [1], "object"),
    ("step", {"duration_s": "1"}, "duration_s"),
    ("step", {"duration_s": 0}, "0.001..86400"),
    ("step", {"duration": 1}, "unknown key"),
    ("clock", {}, "is_running, speed"),
    ("clock", {"speed": -1}, "0..1e+06"),
    ("press", {}, "button: found nothing"),
    ("inject", {"fault": "ntc-open", "target": 1.5}, "whole number"),
]


@pytest.mark.parametrize(("command", "body", "words"), MALFORMED)
def test_malformed_bodies(live: Live, command: str, body: object, words: str) -> None:
    answer = live.ask("POST", f"/api/v1/{command}", body)
    assert answer.status == 400
    assert words in answer.problem


def test_back_to_a_kept_moment(live: Live) -> None:
    run_for(live, 3)
    kept = live.post("snapshot", name="before")
    live.post("inject", fault="ntc-open", target=2)
    run_for(live, 10)
    assert live.text("bms1/state") == "protection"
    events = live.get("events")
    state = live.post("restore", snapshot=1)
    assert state["t_s"] == kept["t_s"]
    assert (state["faults"], state["restores"]) == ([], 1)
    assert live.text("bms1/state") == "charge"
    assert live.get("events") == [event for event in events if event["t_s"] < kept["t_s"]]
    live.post("inject", fault="ntc-open", target=2)
    run_for(live, 10)
    assert live.get("events") == events  # the same again


def test_streams_are_told_that_time_went_back(live: Live) -> None:
    live.post("snapshot")
    with live.stream("signals=bms1/state") as events:
        first(events, "events", lambda _: True)
        live.post("restore", snapshot=1)
        assert first(events, "restart", lambda _: True) == {"restores": 1}
        assert first(events, "events", lambda _: True)[0]["number"] == 1


def test_a_moment_that_is_not_kept(live: Live) -> None:
    answer = live.ask("POST", "/api/v1/restore", {"snapshot": 3})
    assert (answer.status, "number of a snapshot" in answer.problem) == (422, True)
    for _ in range(20):
        live.post("snapshot")
    assert [kept["number"] for kept in live.get("state")["snapshots"]] == list(range(5, 21))


def test_ports_and_recording_after_a_restore(serve: Serve, tmp_path: Path) -> None:
    link, out = tmp_path / "can", tmp_path / "out"
    served = serve(
        "pylontech-us5000", "--can", f"slcan-pty:{link}", "--out", out, "--http", "127.0.0.1:0"
    )
    live = Live(served)
    live.post("snapshot")
    live.post("restore", snapshot=1)
    with can.Bus(interface="slcan", channel=str(link), sleep_after_open=0) as bus:
        wait_until(lambda: (frame := bus.recv(0.2)) and frame.arbitration_id == 0x351)
    assert served.stop() == 0
    assert (out / "result.json").exists()
    assert (out / "restored-1" / "result.json").exists()


# ---- looking ----


def test_events_go_on_where_one_stopped(live: Live) -> None:
    events = live.get("events")
    assert [event["number"] for event in events] == list(range(1, len(events) + 1))
    live.post("inject", fault="can-unplugged")
    (new,) = live.get(f"events?after={events[-1]['number']}")
    assert (new["event"], new["fault"], new["is_active"]) == ("fault", "can-unplugged", True)


def test_the_stream(live: Live) -> None:
    query = "signals=pack1/cell*/voltage_V,bms1/state&rate=40"
    with live.stream(query) as events:
        names = first(events, "signals", lambda _: True)
        assert names == [f"pack1/cell{i:02}/voltage_V" for i in range(1, 16)] + ["bms1/state"]
        frame = first(events, "frame", lambda _: True)
        assert len(frame["values"]) == len(names)
        check(first(events, "state", lambda _: True), "/api/v1/state", "get")
        live.post("clock", is_running=True, speed=20)
        later = first(events, "frame", lambda f: f["t_s"] > frame["t_s"] + 5)
        assert later["number"] > frame["number"]
        check(first(events, "traffic", lambda t: bool(t["can1"])), "/api/v1/buses", "get")
        live.post("inject", fault="can-unplugged")
        first(events, "events", lambda e: any(line["event"] == "fault" for line in e))
        first(events, "state", lambda s: bool(s["faults"]))


def test_rs485_is_decoded(serve: Serve) -> None:
    live = Live(serve("telecom-48v", "--inverter", "telecom-rectifier", "--http", "127.0.0.1:0"))
    live.post("clock", speed=20)

    def replies() -> list[dict[str, Any]]:
        return [row for row in live.get("buses")["rs485_1"] if "values" in row]

    assert "pack_V" in wait_until(replies)[-1]["values"]


def test_metrics(live: Live) -> None:
    live.post("inject", fault="can-unplugged")
    text = live.ask("GET", "/metrics").body.decode()
    line = re.compile(r'(# (HELP|TYPE) .*)|(doppelpack_\w+(\{name="[^"]*",unit="[^"]*"\})? \S+)')
    assert all(line.fullmatch(row) for row in text.splitlines())
    assert "\ndoppelpack_active_faults 1\n" in text
    assert 'doppelpack_signal{name="pack1/current_A",unit="A"}' in text
