# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The page of a served bench in a real browser, as a person walks through it.

Pictures of it, and a report, are left in build/screenshots."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ROOT, Served, wait_until
from live import Live

api = pytest.importorskip(
    "playwright.sync_api", reason="no playwright; scripts/setup.sh --ci installs it and a browser"
)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PICTURES = ROOT / "build" / "screenshots"
Serve = Callable[..., Served]
Open = Callable[..., "api.Page"]


@pytest.fixture(scope="module")
def browser() -> Iterator["api.Browser"]:
    if CHROMIUM is None:
        pytest.skip("no chromium; scripts/setup.sh --ci installs it where the system has one")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: "api.Browser") -> Iterator[Open]:
    """Opens the page; whatever its console complains of, or asks others for, fails the test."""
    complaints: list[str] = []
    contexts = []

    def opened(url: str, **choices: object) -> "api.Page":
        site = url.split("#")[0]
        size = choices.pop("viewport", {"width": 1280, "height": 1000})
        context = browser.new_context(viewport=size, **choices)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on(
            "request",
            lambda r: complaints.append(r.url) if not r.url.startswith((site, "data:")) else None,
        )
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def serve_us5000(serve: Serve, *arguments: object) -> Live:
    return Live(serve("pylontech-us5000", "--http", "127.0.0.1:0", *arguments))


def picture(page: "api.Page", name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def state_is(page: "api.Page", state: str) -> None:
    api.expect(page.locator("#bms-state")).to_have_text(state, timeout=15_000)


def lamp(page: "api.Page", label: str) -> "api.Locator":
    return page.locator(".plate .lamp", has_text=re.compile(f"^{label}$")).locator(".led")


def row(page: "api.Page", identifier: str) -> "api.Locator":
    return page.locator("#can tr", has=page.locator("td.id", has_text=identifier))


def moment(page: "api.Page", name: str) -> "api.Locator":
    return page.locator("details.moment", has=page.locator("summary", has_text=name))


def ink_in(canvas: "api.Locator") -> int:
    """How many of its pixels are drawn on."""
    count = """e => {
      const image = e.getContext("2d").getImageData(0, 0, e.width, e.height);
      return new Uint32Array(image.data.buffer).reduce((n, pixel) => n + (pixel !== 0), 0);
    }"""
    return int(canvas.evaluate(count))


def test_a_person_s_walk(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    page = open_page(serve_us5000(serve).url)
    page.get_by_label("speed").select_option(value="5")

    page.get_by_role("button", name="Charge 1 kW", exact=True).click()
    state_is(page, "charge")
    api.expect(lamp(page, "RUN")).to_have_attribute("data-lit", "true")
    api.expect(lamp(page, "RUN")).to_have_attribute("aria-label", "lamp RUN: solid", timeout=15_000)
    api.expect(row(page, "356").locator(".decoded")).to_contain_text(
        re.compile(r"current_A (19|20)"), timeout=15_000
    )
    api.expect(page.locator(".cell")).to_have_count(15)
    api.expect(page.locator(".cell .v").first).to_have_text(re.compile(r"^3\.\d{3}$"))
    picture(page, "charging")

    page.get_by_role("button", name="Rest", exact=True).click()
    state_is(page, "standby")
    page.get_by_label("how long POWER is held").select_option("2.2 s")
    page.get_by_role("button", name="press POWER").click()
    state_is(page, "off")
    api.expect(lamp(page, "RUN")).to_have_attribute("data-lit", "false")
    page.get_by_label("how long POWER is held").select_option("0.7 s")
    page.get_by_role("button", name="press POWER").click()
    state_is(page, "standby")

    page.get_by_label("Fault", exact=True).select_option("ntc-open")
    page.get_by_label("Target").select_option("ntc 2")
    page.get_by_role("button", name="Inject").click()
    api.expect(page.get_by_label("active faults")).to_contain_text("ntc-open ntc 2")
    state_is(page, "protection")
    api.expect(lamp(page, "ALM")).to_have_attribute("data-lit", "true")
    api.expect(page.locator("#ntcs")).to_contain_text("2: no reading")
    api.expect(row(page, "35C").locator(".decoded")).to_contain_text(
        "is_charge_allowed no", timeout=15_000
    )
    api.expect(page.get_by_label("events, the newest first")).to_contain_text("protection")
    picture(page, "ntc-open")

    page.get_by_role("button", name="clear ntc-open-1-2").click()
    api.expect(page.get_by_label("active faults")).to_have_text("none")

    with page.expect_download() as loading:
        page.get_by_role("button", name="Download report").click()
    assert loading.value.suggested_filename == "pylontech-us5000-report.html"
    file = tmp_path / "report.html"
    loading.value.save_as(file)
    report = open_page(file.as_uri())
    api.expect(report.locator(".verdicts")).to_contain_text("still running when this was made")
    api.expect(report.locator(".command")).to_contain_text("doppelpack serve pylontech-us5000")
    fault = moment(report, "fault ntc-open").first
    fault.evaluate("e => { e.open = true; }")
    api.expect(fault.locator("canvas")).to_have_count(4)
    assert ink_in(fault.locator("canvas").first) > 1000
    api.expect(fault.locator(".report-events")).to_contain_text("ntc-open")
    api.expect(fault.get_by_label(re.compile("^ALM: lit from"))).to_be_visible()
    api.expect(fault.get_by_label("lamp ALM: lit")).to_have_attribute("data-lit", "true")
    api.expect(fault.locator(".frames")).to_contain_text("is_charge_allowed no")
    fault.screenshot(path=PICTURES / "report-of-the-walk.png")


def test_a_run_to_take_home(run: Callable[..., object], open_page: Open, tmp_path: Path) -> None:
    """The report of a scenario, from a file, on paper and by keyboard."""
    file = tmp_path / "report.html"
    run("run", "PYL-T4-open", "--report", file)
    page = open_page(file.as_uri())
    api.expect(page.locator(".badge")).to_have_text("✓ passed · 5 of 5")
    row = page.locator(".verdicts-table tr", has_text="no charge without a temperature")
    api.expect(row.locator(".mark")).to_have_text("✓ held")
    api.expect(row.locator("td").nth(4)).to_contain_text(re.compile(r"^0\.9\d* s"))
    api.expect(page.locator(".verdicts")).to_contain_text("Timing: not paced")
    api.expect(page.locator(".overview canvas")).to_have_count(5)
    assert ink_in(page.locator(".overview canvas").first) > 1000
    api.expect(
        page.locator(".overview").get_by_label(re.compile("^state: .*protection"))
    ).to_be_visible()
    picture(page, "report")
    shutil.copy(file, PICTURES / "report.html")
    last = page.locator("details.moment").last
    summary = last.locator("summary")
    summary.focus()
    was_open = last.evaluate("e => e.open")
    page.keyboard.press("Enter")
    assert last.evaluate("e => e.open") != was_open
    file.with_suffix(".pdf").write_bytes(page.pdf())
    assert page.evaluate("document.documentElement.dataset.print") is None
    api.expect(page.locator("details.moment[open] canvas").first).to_be_attached()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_a_report_at_any_size(
    run: Callable[..., object], open_page: Open, tmp_path: Path, scheme: str, width: int
) -> None:
    file = tmp_path / "report.html"
    run("run", "DYN-T01-open", "--report", file)
    page = open_page(file.as_uri(), viewport={"width": width, "height": 900}, color_scheme=scheme)
    fault = moment(page, "fault ntc-open").first
    api.expect(fault.get_by_label("display: 01")).to_be_visible()
    assert ink_in(fault.locator("canvas").first) > 100
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture(page, f"report-{'phone' if width < 500 else 'desk'}-{scheme}")


def test_a_fault_that_grows_and_goes(serve: Serve, open_page: Open) -> None:
    live = serve_us5000(serve)
    page = open_page(live.url)
    page.get_by_label("Fault", exact=True).select_option("ntc-open")
    api.expect(page.get_by_label("Grows to")).to_be_hidden()
    page.get_by_label("Fault", exact=True).select_option("ntc-offset")
    page.get_by_label("offset [K]").fill("0")
    page.get_by_label("Grows to").fill("20")
    page.get_by_label("Within [s]").fill("2")
    page.get_by_label("Clears after [s]").fill("4")
    page.get_by_role("button", name="Inject").click()
    api.expect(page.get_by_label("active faults")).to_contain_text("ntc-offset ntc 1")
    wait_until(lambda: float(live.signal("bms1/ntc1/T_degC")["value"]) > 43)
    api.expect(page.get_by_label("active faults")).to_have_text("none", timeout=15_000)


def test_a_number_on_the_display(serve: Serve, open_page: Open) -> None:
    live = Live(serve("dyness-tower", "--http", "127.0.0.1:0"))
    page = open_page(live.url)
    api.expect(page.get_by_label("display: dark")).to_be_visible()
    live.post("inject", fault="ntc-open", target=2)
    api.expect(page.get_by_label("display: 01")).to_have_text("01", timeout=15_000)
    page.locator(".plate").screenshot(path=PICTURES / "display.png")


def test_lamps_blink_in_step(serve: Serve, open_page: Open) -> None:
    """RUN of a resting US5000 flashes every 3.5 s for 0.5 s; simulated time stands beside it."""
    page = open_page(serve_us5000(serve).url)
    state_is(page, "standby")
    page.evaluate(
        """() => {
          window.edges = [];
          const led = document.querySelector(".led");
          new MutationObserver(() => {
            const [h, m, s] = document.querySelector(".time").textContent.split(":").map(Number);
            window.edges.push([led.dataset.lit === "true", 3600 * h + 60 * m + s]);
          }).observe(led, {attributes: true, attributeFilter: ["data-lit"]});
        }"""
    )
    wait_until(lambda: len(page.evaluate("window.edges")) >= 5, 25)
    rises = [t for is_lit, t in page.evaluate("window.edges") if is_lit]
    assert rises[1] - rises[0] == pytest.approx(3.5, abs=0.4)


def test_pause_step_and_run(serve: Serve, open_page: Open) -> None:
    live = serve_us5000(serve)
    page = open_page(live.url)
    page.get_by_role("button", name="Pause").click()
    api.expect(page.get_by_role("button", name="Run")).to_be_visible()
    before = live.get("state")["t_s"]
    page.get_by_label("length of a step").select_option("1 min")
    page.get_by_role("button", name="Step").click()
    wait_until(lambda: live.get("state")["t_s"] >= before + 60)
    assert live.get("state")["t_s"] == pytest.approx(before + 60)
    page.get_by_role("button", name="Run").click()
    wait_until(lambda: live.get("state")["t_s"] > before + 61)


def test_back_in_time(serve: Serve, open_page: Open) -> None:
    page = open_page(serve_us5000(serve, "--power", "1 kW").url)
    page.get_by_label("speed", exact=True).select_option(value="5")
    state_is(page, "charge")
    page.get_by_role("button", name="Snapshot").click()
    page.get_by_role("button", name="Inject").click()
    state_is(page, "protection")
    page.get_by_role("button", name="Restore").click()
    state_is(page, "charge")
    api.expect(page.get_by_label("active faults")).to_have_text("none")
    events = page.get_by_label("events, the newest first")
    api.expect(events).not_to_contain_text("protection")


def test_cables_and_switches(serve: Serve, open_page: Open) -> None:
    live = serve_us5000(serve)
    page = open_page(live.url)
    cable = page.get_by_role("switch", name="cable CAN")
    api.expect(cable).to_be_checked()
    cable.click()
    api.expect(cable).not_to_be_checked()
    api.expect(page.locator("#can-health")).to_contain_text(
        re.compile(r"[1-9]\d* errors"), timeout=15_000
    )
    cable.click()
    api.expect(cable).to_be_checked()
    assert live.get("state")["faults"] == []
    page.get_by_role("switch", name="DIP switch 3").click()
    wait_until(lambda: live.signal("bms1/dip")["value"] == 4)
    page.get_by_role("switch", name="DC breaker").click()
    wait_until(lambda: live.text("inverter1/is_connected") == "no")


def test_by_keyboard_alone(serve: Serve, open_page: Open) -> None:
    live = serve_us5000(serve)
    page = open_page(live.url)
    state_is(page, "standby")
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
        if focused == "cable CAN":
            break
    else:
        pytest.fail("the cable is not reached")
    page.keyboard.press("Space")
    wait_until(lambda: [f["fault"] for f in live.get("state")["faults"]] == ["can-unplugged"])


def test_any_control_as_people_write_it(serve: Serve, open_page: Open) -> None:
    page = open_page(serve_us5000(serve).url)
    state_is(page, "standby")
    page.get_by_label("Control", exact=True).select_option("env/ambient_degC")
    page.get_by_label("value").fill("40 degC")
    page.get_by_label("value").press("Enter")
    api.expect(page.locator(".controls .summary")).to_contain_text("Ambient 40.0")


def test_a_bench_with_a_token(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("correct-horse-battery\n", encoding="utf-8")
    live = serve_us5000(serve, "--http-token-file", file)
    page = open_page(f"{live.url}#token=correct-horse-battery")
    state_is(page, "standby")
    assert "token" not in page.url


def test_many_packs(serve: Serve, open_page: Open) -> None:
    live = serve_us5000(serve, "--packs", 12, "--power", "6 kW")
    page = open_page(live.url)
    api.expect(page.locator(".pack")).to_have_count(12)
    page.get_by_role("button", name="Pack 7").click()
    live.post("inject", fault="ntc-open", target=1, pack=7)
    state_is(page, "protection")
    api.expect(lamp(page, "ALM")).to_have_attribute("data-lit", "true")
    picture(page, "twelve-packs")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_any_size_in_any_light(serve: Serve, open_page: Open, scheme: str, width: int) -> None:
    live = serve_us5000(serve, "--power", "1 kW", "--speed", 5)
    live.post("inject", fault="cell-internal-short", target=4, severity=0.5)
    page = open_page(live.url, viewport={"width": width, "height": 900}, color_scheme=scheme)
    wait_until(lambda: live.get("state")["t_s"] > 15)
    state_is(page, "charge")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture(page, f"{'phone' if width < 500 else 'desk'}-{scheme}")


def test_every_control_has_a_name(serve: Serve, open_page: Open) -> None:
    page = open_page(serve_us5000(serve, "--packs", 2).url)
    state_is(page, "standby")
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select")]
          .filter((e) => e.checkVisibility() && !e.getAttribute("aria-label") &&
                         !e.textContent.trim() && !(e.labels && e.labels.length))
          .map((e) => e.outerHTML)"""
    )
    assert nameless == []
