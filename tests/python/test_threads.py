# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Benches in several threads, and Python's other threads beside them."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from doppelpack import Bench
from doppelpack.units import A


def story(product: str) -> str:
    with Bench(product, initial_soc=0.6, seed=3) as bench:
        bench.charge(30 * A)
        bench.run(20)
        bench.inject("ntc-open", target=2)
        bench.run(10)
        return bench.event_log_sha256


PRODUCTS = ["generic-16s", "pylontech-us5000", "dyness-bx51100", "generic-16s"]


def test_benches_in_threads_do_what_they_do_alone() -> None:
    alone = [story(product) for product in PRODUCTS]
    with ThreadPoolExecutor(len(PRODUCTS)) as pool:
        assert list(pool.map(story, PRODUCTS)) == alone


def in_another_thread(act: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(act).result()


def test_a_bench_may_change_threads() -> None:
    stays, moves = Bench(), Bench()
    for bench in (stays, moves):
        bench.charge(30 * A)
        bench.run(5)
    stays.run(5)
    in_another_thread(lambda: moves.run(5))
    stays.run(5)
    moves.run(5)
    assert moves.event_log_sha256 == stays.event_log_sha256
    assert moves["pack1/soc"] == stays["pack1/soc"]
    in_another_thread(moves.close)


def test_python_goes_on_while_a_bench_runs() -> None:
    # With the GIL kept, the other thread would not come to set anything before the hour is over.
    bench = Bench()

    def count_and_set() -> None:
        counted = 0
        while counted < 10_000:
            counted += 1
        bench.set("inverter1/demand_W", counted)

    counter = threading.Thread(target=count_and_set)
    counter.start()
    assert bench.run_until(bench.inverter.demand == 10_000, timeout=3600)
    counter.join()


def test_a_bench_can_be_looked_at_from_another_thread_while_it_runs() -> None:
    bench = Bench()
    bench.charge(30 * A)
    seen: list[tuple[float, float, int]] = []
    is_over = threading.Event()

    def look() -> None:
        while not is_over.is_set():
            seen.append((bench.now, float(bench.pack.soc), len(bench.recorded("pack1/soc"))))

    looker = threading.Thread(target=look)
    looker.start()
    bench.run(120)
    is_over.set()
    looker.join()
    times = [now for now, _, _ in seen]
    assert times == sorted(times)
    assert len(set(times)) > 2, "it saw time pass"
    alone = Bench()
    alone.charge(30 * A)
    alone.run(120)
    assert bench.event_log_sha256 == alone.event_log_sha256


def test_a_bench_closed_by_another_thread_says_so() -> None:
    bench = Bench()
    started = threading.Event()
    errors: list[str] = []

    def run() -> None:
        started.set()
        try:
            bench.run(1e6)
        except ValueError as error:
            errors.append(str(error))

    runner = threading.Thread(target=run)
    runner.start()
    started.wait()
    bench.close()
    runner.join()
    assert errors == ["the bench is closed"]
