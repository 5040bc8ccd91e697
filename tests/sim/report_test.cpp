// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a report says of a run: the same as the bench, in bounded memory, without changing anything.

#include "sim/report.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "bench_fixture.hpp"
#include "sim/data_error.hpp"

namespace doppelpack::sim::test {
namespace {

using Json = nlohmann::json;

/// A bench that somebody collects a report of.
struct Reported {
  explicit Reported(Scenario scenario = free_run()) {
    BenchOptions options;
    collector.attach(options);
    bench.emplace(std::move(scenario), options);
    collector.follow(*bench);
  }
  Json json(const RunResult* result = nullptr) const {
    return Json::parse(report_json(*collector.take(), bench->scenario(), {}, result));
  }

  ReportCollector collector;
  std::optional<Bench> bench;
};

std::size_t place_of(const Json& report, std::string_view name) {
  const Json& signals = report["signals"];
  for (std::size_t i = 0; i < signals.size(); ++i)
    if (signals[i]["name"] == name) return i;
  ADD_FAILURE() << name << " is not in the report";
  return 0;
}

bool has_event(const Json& window, std::string_view kind) {
  return std::any_of(window["events"].begin(), window["events"].end(),
                     [&](const Json& event) { return event["event"] == kind; });
}

Json window_with(const Json& report, std::string_view kind) {
  for (const Json& window : report["windows"])
    if (has_event(window, kind)) return window;
  ADD_FAILURE() << "no window with " << kind;
  return {};
}

TEST(Report, collecting_does_not_change_a_bit) {
  const auto run = [](Bench& bench) {
    bench.set("inverter1/demand_W", 1000.0);
    bench.run_until(20 * kSecond);
    bench.inject("ntc-open", 2, {}, "");
    bench.run_until(700 * kSecond);
    return bench.finish().event_log_sha256;
  };
  Reported reported;
  Bench alone(free_run());
  EXPECT_EQ(run(*reported.bench), run(alone));
}

TEST(Report, a_window_begins_before_the_fault_and_ends_after_it) {
  Reported reported;
  reported.bench->run_until(30 * kSecond);
  reported.bench->inject("ntc-open", 2, {}, "");
  reported.bench->run_until(60 * kSecond);
  const Json report = reported.json();
  const Json window = window_with(report, "fault");
  EXPECT_NEAR(window["start_s"].get<double>(), 28.0, 0.01);
  EXPECT_GE(window["end_s"].get<double>(), 35.0);
  EXPECT_TRUE(has_event(window, "protection"));
  EXPECT_TRUE(has_event(window, "gate"));
  const Json& times = window["rows"]["t_s"];
  EXPECT_NEAR(times.front().get<double>(), 28.0, 0.03);
  const Json& gate = window["rows"]["values"][place_of(report, "bms1/charge_gate")];
  ASSERT_EQ(gate.size(), times.size());
  EXPECT_EQ(gate.front(), 1);
  EXPECT_EQ(gate.back(), 0);
}

TEST(Report, buses_and_lamps_are_as_they_were) {
  Reported reported;
  reported.bench->run_until(30 * kSecond);
  reported.bench->inject("ntc-open", 2, {}, "");
  reported.bench->run_until(60 * kSecond);
  const Json window = window_with(reported.json(), "fault");
  const auto refuses_charge = [](const Json& frame) {
    return frame["id"] == "35C" && frame["values"]["is_charge_allowed"] == "no";
  };
  EXPECT_TRUE(std::any_of(window["can1"].begin(), window["can1"].end(), refuses_charge));
  constexpr unsigned kAlarm = 2;
  EXPECT_EQ(window["lamps"].front()[2].get<unsigned>() & kAlarm, 0U);
  EXPECT_EQ(window["lamps"].back()[2].get<unsigned>() & kAlarm, kAlarm);
}

TEST(Report, events_close_together_share_a_window) {
  Reported reported;
  reported.bench->run_until(30 * kSecond);
  reported.bench->inject("can-unplugged", 0, {}, "");
  reported.bench->run_until(36 * kSecond);
  reported.bench->clear("can-unplugged");
  reported.bench->run_until(60 * kSecond);
  const Json window = window_with(reported.json(), "fault");
  EXPECT_NEAR(window["start_s"].get<double>(), 28.0, 0.01);
  EXPECT_GE(window["end_s"].get<double>(), 41.0);
}

TEST(Report, what_follows_a_fault_is_not_cut_off) {
  Reported reported;
  Bench& bench = *reported.bench;
  for (int t = 10; t <= 34; t += 4) {
    bench.run_until(t * kSecond);
    bench.press("reset", 100 * kMillisecond);
  }
  bench.run_until(37 * kSecond);
  bench.inject("ntc-open", 2, {}, "");
  bench.run_until(60 * kSecond);
  const Json window = window_with(reported.json(), "fault");
  EXPECT_LE(window["start_s"].get<double>(), 35.0);
  EXPECT_TRUE(has_event(window, "protection"));
}

TEST(Report, however_much_happens_it_stays_small) {
  Reported reported;
  Bench& bench = *reported.bench;
  for (int i = 1; i <= 60; ++i) {
    bench.run_until(i * 10 * kSecond);
    bench.press("reset", 100 * kMillisecond);
  }
  bench.run_until(620 * kSecond);
  const Json report = reported.json();
  EXPECT_LE(report["windows"].size(), 24U);
  EXPECT_GE(report["moments_left_out"].get<int>(), 30);
  EXPECT_LE(report["overview"]["high"][0].size(), 1000U);
}

TEST(Report, a_short_peak_of_a_long_run_is_seen) {
  Reported reported;
  Bench& bench = *reported.bench;
  bench.run_until(400 * kSecond);
  bench.set("inverter1/demand_W", -1500.0);
  bench.run_until(400 * kSecond + 300 * kMillisecond);
  bench.set("inverter1/demand_W", 0.0);
  bench.run_until(1200 * kSecond);
  const Json report = reported.json();
  const Json& lowest = report["overview"]["low"][place_of(report, "pack1/current_A")];
  EXPECT_LE(lowest.size(), 1000U);
  EXPECT_LT(std::min_element(lowest.begin(), lowest.end())->get<double>(), -20.0);
}

TEST(Report, before_it_has_measured_a_bms_says_nothing) {
  Reported reported;
  reported.bench->run_until(10 * kSecond);
  const Json report = reported.json();
  const Json& lowest = report["overview"]["low"][place_of(report, "bms1/cell_min_V")];
  for (const Json& V : lowest)
    if (!V.is_null()) EXPECT_GT(V.get<double>(), 3.0);
}

TEST(Report, has_verdicts_and_hashes_of_the_result) {
  Reported reported;
  reported.bench->run_until(10 * kSecond);
  const RunResult result = reported.bench->finish();
  const Json report = reported.json(&result);
  EXPECT_EQ(report["event_log_sha256"], result.event_log_sha256);
  EXPECT_EQ(report["result"]["has_passed"], true);
  EXPECT_EQ(report["result"]["core"]["name"], result.core.name);
}

TEST(Report, a_page_that_was_not_built_is_one_line) {
  try {
    read_report_page({"/nowhere", "/nobody/page"});
    FAIL() << "found a page";
  } catch (const DataError& error) {
    EXPECT_EQ(std::string(error.what())
                  .find("the page of a report was not built, expected "
                        "/nobody/page/report.html"),
              0U)
        << error.what();
  }
}

TEST(Report, nothing_in_the_data_can_leave_its_place) {
  const std::string page = R"(<p><script type="application/json" id="report">
      null
    </script><b>)";
  const std::string filled = fill_report_page(page, R"({"title":"</script><!--<script>"})");
  EXPECT_EQ(filled, R"(<p><script type="application/json" id="report">{"title":)"
                    R"("\u003c/script>\u003c!--\u003cscript>"}</script><b>)");
  EXPECT_THROW(fill_report_page("<html></html>", "{}"), std::invalid_argument);
}

}  // namespace
}  // namespace doppelpack::sim::test
