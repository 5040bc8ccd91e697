# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""What a user does wrongly is answered with one line that helps."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import doppelpack
import pytest
from doppelpack import Bench, DataError, PortError


def one_line(error: BaseException) -> str:
    text = str(error)
    assert "\n" not in text
    return text


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: Bench("generic-16"), ["generic-16", "generic-16s"]),
        (lambda: Bench(inverter="hybrid-5"), ["hybrid-5", "hybrid-5k"]),
        (lambda: Bench(initial_soc=1.2), ["initial_soc", "1.2"]),
        (lambda: Bench(initial_soc=float("nan")), ["initial_soc", "nan"]),
        (lambda: Bench(soc_spread=-1), ["soc_spread", "-1"]),
        (lambda: Bench(temperature_degC=1000), ["temperature_degC", "1000"]),
        (lambda: Bench(record=["pack1/socc"]), ["record[0]", "pack1/socc", "pack1/soc"]),
        (lambda: Bench(record_period=0), ["record_period"]),
        (lambda: Bench(speed=0), ["speed"]),
        (lambda: Bench.from_scenario("over-charg"), ["over-charg", "over-charge"]),
        (lambda: Bench.from_scenario("no/such.yaml"), ["no/such.yaml"]),
        (lambda: Bench.from_scenario("over-charge", {"initial.sock": 0.5}), ["sock", "soc"]),
        (lambda: Bench.from_scenario("over-charge", {"initial.soc": "5 V"}), ["soc", "5 V"]),
        (lambda: doppelpack.run_scenario("over-charge", seed=-1), []),
        (lambda: doppelpack.signals("generic"), ["generic"]),
        (lambda: doppelpack.check("no/such.yaml"), ["no/such.yaml"]),
        (lambda: Bench().run(), ["seconds"]),
        (lambda: Bench().run(-1), ["seconds", "-1"]),
        (lambda: Bench().run(float("inf")), ["seconds", "inf"]),
        (lambda: Bench()["pack1/sock"], ["pack1/sock", "pack1/soc"]),
        (lambda: Bench().word("bms1/stat"), ["bms1/stat", "bms1/state"]),
        (lambda: Bench().recorded("nonsense"), ["nonsense"]),
        (lambda: Bench().set("inverter1/demand", 1), ["inverter1/demand", "demand_W"]),
        (lambda: Bench().set("inverter1/demand_W", "5 V"), ["5 V"]),
        (lambda: Bench().set("pack1/soc", 0.5), ["pack1/soc"]),
        (lambda: Bench().inject("ntc-opem", target=1), ["ntc-opem", "ntc-open"]),
        (lambda: Bench().inject("ntc-open"), ["target"]),
        (lambda: Bench().inject("ntc-open", target=99), ["target", "99"]),
        (lambda: Bench().inject("ntc-offset", 1, severity="5 V"), ["5 V"]),
        (lambda: Bench().inject("ntc-offset", 1, severity=1e9), ["severity"]),
        (lambda: Bench().clear("nothing"), ["nothing"]),
        (lambda: Bench().press("rest"), ["rest", "reset"]),
        (lambda: Bench().run_until("pack1/soc >", 1), []),
        (lambda: Bench().run_until("pack1/soc > 5 V", 1), ["5 V"]),
        (lambda: Bench().run_until("bms1/charge_gate == opened", 1), ["opened", "open"]),
    ],
)
def test_wrong_values_raise_data_errors(mistake: Callable[[], Any], words: list[str]) -> None:
    with pytest.raises((DataError, TypeError)) as caught:
        mistake()
    text = one_line(caught.value) if caught.type is DataError else str(caught.value)
    for word in words:
        assert word in text


@pytest.mark.parametrize(
    "mistake",
    [
        lambda: Bench("generic-16s", 5),
        lambda: Bench(socs=0.5),
        lambda: Bench(can="slcan-pty:/tmp/x"),
        lambda: Bench(seed="one"),
        lambda: Bench(initial_soc="much"),
        lambda: Bench().run("long"),
        lambda: Bench().inject(),
        lambda: Bench()[0],
    ],
)
def test_wrong_types_raise_type_errors(mistake: Callable[[], Any]) -> None:
    with pytest.raises(TypeError):
        mistake()


def test_a_data_error_knows_its_place(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("scenario: bad\ntitle: Bad\nproduct: generic-16s\nduration: 5 V\n")
    with pytest.raises(DataError) as caught:
        Bench.from_scenario(file)
    assert isinstance(caught.value, ValueError)
    assert (caught.value.file, caught.value.line, caught.value.field) == (str(file), 4, "duration")
    assert one_line(caught.value).startswith(f"{file}:4: duration: ")


@pytest.mark.parametrize("uri", ["", "nonsense", "carrier-pigeon:1", "slcan-pty:/no/such/folder/x"])
def test_a_port_that_cannot_be_opened(uri: str) -> None:
    with pytest.raises(PortError) as caught:
        Bench(can=[uri])
    assert isinstance(caught.value, OSError)
    one_line(caught.value)


def test_a_port_of_the_wrong_kind() -> None:
    with pytest.raises(PortError, match="candump"):
        Bench(rs485=["candump:/tmp/never.log"])


def test_an_output_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="file"):
        Bench(out=tmp_path / "file" / "out")


def test_nothing_is_written_before_everything_has_been_checked(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        Bench(record=["no/such"], out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
