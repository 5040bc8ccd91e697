// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "compat_fixture.hpp"
#include "hand_made_rig.hpp"

namespace doppelpack::sim {
namespace {

using namespace test;

// ---- the virtual inverters ----

TEST(Obedience, of_the_obedient_inverter_is_complete) {
  const CompatReport report = examine("hybrid-5k");
  EXPECT_TRUE(report.has_passed());
  EXPECT_TRUE(report.has_measurement);
  EXPECT_GE(report.results.size(), 30U);
  for (const CompatResult& result : report.results) {
    // Nobody can see on the bus what it shows, nor why it does not charge when asked to.
    const bool is_hidden = result.item.id == "values-shown" || result.item.id == "force-charge";
    EXPECT_EQ(result.grade, is_hidden ? Grade::not_observable : Grade::obeyed)
        << result.item.id << "\n"
        << all_findings(report);
  }
}

struct Planted {
  const char* inverter;
  const char* item;
  Grade grade;
};

class PlantedDisobedience : public testing::TestWithParam<Planted> {};

TEST_P(PlantedDisobedience, is_found_by_the_right_item) {
  const CompatReport report = examine(GetParam().inverter);
  EXPECT_FALSE(report.has_passed());
  EXPECT_EQ(result_of(report, GetParam().item).grade, GetParam().grade) << all_findings(report);
}

INSTANTIATE_TEST_SUITE_P(
    Compat, PlantedDisobedience,
    testing::Values(Planted{"disobedient-ccl", "ccl-halved", Grade::ignored},
                    Planted{"disobedient-dcl", "dcl-lowered", Grade::ignored},
                    Planted{"disobedient-cvl", "cvl-lowered", Grade::ignored},
                    Planted{"disobedient-late", "ccl-halved", Grade::late},
                    Planted{"disobedient-zero-limit", "ccl-zero", Grade::ignored},
                    Planted{"disobedient-cvl-zero", "cvl-zero", Grade::ignored},
                    Planted{"disobedient-silence", "battery-silent", Grade::ignored},
                    Planted{"disobedient-protection", "protections-charge", Grade::ignored},
                    Planted{"disobedient-restart", "charges-at-all", Grade::ignored},
                    Planted{"disobedient-any-length", "frames-short", Grade::ignored},
                    Planted{"disobedient-full-length", "charge-disabled", Grade::ignored},
                    Planted{"disobedient-heartbeat-stop", "still-there", Grade::ignored},
                    Planted{"disobedient-heartbeat-id", "normal-frames", Grade::ignored},
                    Planted{"disobedient-charger", "full-protection", Grade::unsafe}),
    [](const auto& tested) {
      std::string name = tested.param.inverter;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

// It reads the current wrongly and does nothing with it, so the bus cannot tell.
TEST(Obedience, what_only_a_display_shows_is_never_called_obeyed) {
  EXPECT_EQ(result_of(examine("disobedient-current-sign"), "values-shown").grade,
            Grade::not_observable);
}

// ---- the grades, on an inverter made by hand ----

CompatScript stop_charging() {
  CompatItem item;
  item.id = "stop";
  CompatStep step;
  step.change.ccl_A = 0.0;
  step.limit_ns = 5 * kSecond;
  step.expected = {ExpectedReaction::no_charge};
  item.steps = {step};
  CompatScript script;
  script.items = {item};
  return script;
}

CompatResult grade(HandMadeRig& rig) {
  return run_compat(stop_charging(), product(), rig, kToTheEnd).results.front();
}

// The stimulus comes after ten steady seconds.
HandMadeRig::Current until(Time end_ns) {
  return [=](Time t_ns) { return t_ns < end_ns ? 50.0 : 0.0; };
}

TEST(Grade, is_obeyed_within_the_limit) {
  HandMadeRig rig(until(14 * kSecond));
  const CompatResult result = grade(rig);
  EXPECT_EQ(result.grade, Grade::obeyed);
  EXPECT_NEAR(result.findings.front().after_s, 4.0, 0.1);
  EXPECT_EQ(rig.heard.ccl_A, 0.0);
}

TEST(Grade, is_late_by_how_much) {
  HandMadeRig rig(until(23 * kSecond));
  const CompatResult result = grade(rig);
  EXPECT_EQ(result.grade, Grade::late);
  EXPECT_NEAR(result.findings.front().after_s, 13.0, 0.1);
  EXPECT_EQ(result.findings.front().detail.substr(0, 2), "7.");
}

TEST(Grade, is_ignored_when_nothing_happens) {
  HandMadeRig rig([](Time /*t_ns*/) { return 50.0; });
  EXPECT_EQ(grade(rig).grade, Grade::ignored);
}

TEST(Grade, is_unsafe_when_a_cell_comes_to_harm) {
  HandMadeRig rig([](Time /*t_ns*/) { return 50.0; });
  rig.cells_V.first = 4.11;
  EXPECT_EQ(grade(rig).grade, Grade::unsafe);
}

TEST(Grade, is_not_observable_without_a_measurement_or_without_current) {
  HandMadeRig blind([](Time /*t_ns*/) { return 50.0; }, false);
  EXPECT_EQ(grade(blind).grade, Grade::not_observable);
  HandMadeRig idle([](Time /*t_ns*/) { return 0.0; });
  const CompatResult result = grade(idle);
  EXPECT_EQ(result.grade, Grade::not_observable);
  EXPECT_EQ(result.findings.front().detail, "no current flowed before it");
}

CompatResult grade_with_gap(Time from_ns, Time to_ns) {
  HandMadeRig rig(until(14 * kSecond));
  rig.is_silent = [=](Time t_ns) { return t_ns > from_ns && t_ns < to_ns; };
  return grade(rig);
}

// The stimulus is at 10 s, the limit at 15 s.
TEST(Grade, is_not_obeyed_when_the_meter_fell_silent_after_the_limit) {
  const CompatResult before = grade_with_gap(11 * kSecond, 12 * kSecond);
  EXPECT_EQ(before.grade, Grade::obeyed);
  EXPECT_NEAR(before.findings.front().after_s, 4.0, 0.1);
  EXPECT_EQ(grade_with_gap(16 * kSecond, 17 * kSecond).grade, Grade::not_observable);
}

TEST(Grade, of_a_voltage_needs_a_voltage) {
  CompatScript script = stop_charging();
  script.items.front().steps.front().change.ccl_A.reset();
  script.items.front().steps.front().expected = {ExpectedReaction::voltage_within_cvl,
                                                 ExpectedReaction::charge_within_ccl};
  HandMadeRig rig([](Time /*t_ns*/) { return 10.0; });
  rig.dc_V.reset();
  const CompatResult result = run_compat(script, product(), rig, kToTheEnd).results.front();
  EXPECT_EQ(result.findings[0].grade, Grade::not_observable);
  EXPECT_EQ(result.findings[1].grade, Grade::obeyed);
}

TEST(Grade, is_not_begun_with_a_meter_that_says_nothing) {
  HandMadeRig rig(until(14 * kSecond));
  rig.is_silent = [](Time /*t_ns*/) { return true; };
  EXPECT_THROW(run_compat(stop_charging(), product(), rig, kToTheEnd), can_emulator::PortError);
}

TEST(MeterPlace, is_a_meter_and_perhaps_a_port) {
  EXPECT_FALSE(parse_meter_place("ivt-s").uri.has_value());
  const MeterPlace place = parse_meter_place("acrel-djsf1352@serial:/dev/ttyUSB1?baud=19200");
  EXPECT_EQ(place.meter->key, "acrel-djsf1352");
  EXPECT_EQ(place.uri.value().address, "/dev/ttyUSB1");
  EXPECT_THROW(parse_meter_place("abacus"), can_emulator::PortError);
  EXPECT_THROW(parse_meter_place("acrel-djsf1352"), can_emulator::PortError);
}

TEST(Grade, is_not_given_to_an_item_that_was_stopped) {
  HandMadeRig rig(until(14 * kSecond));
  int asked = 0;
  CompatWatch watch = kToTheEnd;
  watch.goes_on = [&] { return ++asked < 600; };
  const CompatReport report = run_compat(stop_charging(), product(), rig, watch);
  EXPECT_FALSE(report.is_complete);
  EXPECT_FALSE(report.has_passed());
  EXPECT_TRUE(report.results.empty());
}

TEST(Grade, comes_with_the_frames_around_it) {
  HandMadeRig rig(until(14 * kSecond));
  const CompatResult result = grade(rig);
  const std::vector<TimedLine>& lines = result.evidence.lines;
  ASSERT_FALSE(lines.empty());
  EXPECT_GE(lines.front().t_ns, result.stimulus_ns - 2 * kSecond);
  EXPECT_LT(lines.front().t_ns, result.stimulus_ns - kSecond);
  EXPECT_GT(lines.back().t_ns, result.verdict_ns + 9 * kSecond);
  EXPECT_LT(lines.back().t_ns, result.verdict_ns + 10 * kSecond);
  EXPECT_EQ(result.evidence.left_out, 0U);
}

// ---- the log ----

// Two hours of a bus on which the battery alone says 14 frames a second.
TEST(CompatLog, gets_every_frame_of_a_long_item_of_which_the_evidence_keeps_both_ends) {
  CompatScript script = stop_charging();
  script.items.front().steps.front().hold_ns = 2 * 3600 * kSecond;
  script.items.front().steps.front().change.period_factor = 0.5;
  HandMadeRig rig(until(14 * kSecond));
  CompatWatch watch = kToTheEnd;
  std::ptrdiff_t logged = 0;
  watch.log = [&](std::string_view lines) {
    logged += std::count(lines.begin(), lines.end(), '\n');
  };
  const CompatResult result = run_compat(script, product(), rig, watch).results.front();
  const Evidence& evidence = result.evidence;
  EXPECT_GT(logged, 90'000);
  EXPECT_LE(evidence.lines.size(), 20'000U);
  EXPECT_GT(evidence.left_out, 60'000U);
  EXPECT_LT(evidence.lines.front().t_ns, result.stimulus_ns);
  EXPECT_GT(evidence.lines.back().t_ns, result.verdict_ns);
  EXPECT_GT(
      evidence.lines[evidence.left_out_at].t_ns - evidence.lines[evidence.left_out_at - 1].t_ns,
      3600 * kSecond);
}

TEST(CompatLog, is_in_the_order_of_time_and_has_what_happened_so_far) {
  HandMadeRig rig(until(14 * kSecond));
  CompatWatch watch = kToTheEnd;
  std::string log;
  watch.log = [&](std::string_view lines) { log += lines; };
  std::size_t logged_by_then = 0;
  watch.note = [&](const CompatResult& /*result*/) { logged_by_then = log.size(); };
  run_compat(stop_charging(), product(), rig, watch);
  EXPECT_GT(logged_by_then, 0U);
  const Capture capture = parse_capture(log, "compat.log");
  EXPECT_TRUE(capture.skipped.empty());
  std::string again;
  for (const TimedFrame& timed : capture.frames)
    again += can_emulator::candump_line(timed.t_ns, "can1", timed.frame);
  // Once a second the measurement, which a player takes for a comment.
  const std::regex comments("#[^\\n]*A 50.00 V\\n");
  EXPECT_EQ(again, std::regex_replace(log, comments, ""));
  EXPECT_NE(log.find("# (13.000000) measured 50.00 A 50.00 V\n"), std::string::npos);
}

// ---- the scripted battery ----

std::vector<std::uint32_t> ids_of_a_second(ScriptedBattery& battery, Time from_ns) {
  battery.frames_until(from_ns - 20 * kMillisecond);
  std::vector<std::uint32_t> ids;
  for (Time t_ns = from_ns; t_ns < from_ns + kSecond; t_ns += 20 * kMillisecond) {
    for (const can_emulator::CanFrame& frame : battery.frames_until(t_ns)) ids.push_back(frame.id);
  }
  return ids;
}

using Ids = std::vector<std::uint32_t>;

TEST(ScriptedBattery, speaks_as_the_product_does) {
  ScriptedBattery battery(product());
  EXPECT_EQ(ids_of_a_second(battery, 0), (Ids{0x359, 0x351, 0x355, 0x356, 0x35C, 0x35E}));
}

TEST(ScriptedBattery, can_change_the_order_the_period_and_fall_silent) {
  ScriptedBattery battery(product());
  BatteryChange change;
  change.is_reversed = true;
  battery.apply(change, 50.0);
  Ids ids = ids_of_a_second(battery, 10 * kSecond);
  ASSERT_EQ(ids.size(), 6U);
  EXPECT_EQ(ids.front(), 0x35EU);
  EXPECT_EQ(ids.back(), 0x359U);

  change = {};
  change.is_reset = true;
  change.period_factor = 0.2;
  battery.apply(change, 50.0);
  EXPECT_NEAR(static_cast<double>(ids_of_a_second(battery, 20 * kSecond).size()), 30.0, 6.0);

  change = {};
  change.is_silent = true;
  battery.apply(change, 50.0);
  EXPECT_TRUE(ids_of_a_second(battery, 30 * kSecond).empty());
}

TEST(ScriptedBattery, can_leave_out_the_limits_and_change_the_length) {
  ScriptedBattery battery(product());
  BatteryChange change;
  change.is_limits_frame_missing = true;
  battery.apply(change, 50.0);
  EXPECT_EQ(ids_of_a_second(battery, 0), (Ids{0x359, 0x355, 0x356, 0x35C, 0x35E}));

  change = {};
  change.length = BusManners::Length::cut;
  battery.apply(change, 50.0);
  for (const can_emulator::CanFrame& frame : battery.frames_until(10 * kSecond)) {
    can_emulator::BatteryView view;
    EXPECT_LE(frame.dlc, 4);
    EXPECT_FALSE(product().can->decode(frame, product().identity.can_choices, view)) << frame.id;
  }
}

TEST(ScriptedBattery, lowers_the_cvl_from_the_present_voltage) {
  ScriptedBattery battery(product());
  BatteryChange change;
  change.cvl_drop_V = 0.5;
  battery.apply(change, 51.2);
  EXPECT_EQ(battery.report().cvl_mV, 50'700U);
}

}  // namespace
}  // namespace doppelpack::sim
