// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A current from outside in a bench: who measures is a few lines of this file, so all of it repeats.

#include "sim/outside_current.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "bench_fixture.hpp"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::read;

/// What the bench is told, and what it said; outlives it.
struct Outside {
  PowerReading reading;
  TerminalWish wish;
  std::vector<can_emulator::CanFrame> heard;
  bool is_open = false;

  void measure(double current_A) {
    reading.phase = PowerPhase::on;
    reading.is_valid = true;
    reading.measured_A = current_A;
    reading.age_s = 0.01;
  }
};

class FakeMeasurement : public OutsideCurrent {
 public:
  explicit FakeMeasurement(Outside& outside) : outside_(outside) { outside_.is_open = true; }
  ~FakeMeasurement() override { outside_.is_open = false; }
  PowerReading exchange(const TerminalWish& wish) override {
    outside_.wish = wish;
    return outside_.reading;
  }
  void hear(const can_emulator::CanFrame& frame) override { outside_.heard.push_back(frame); }
  const std::string& name() const override { return name_; }

 private:
  Outside& outside_;
  std::string name_ = "fake";
};

BenchOptions measured_by(Outside& outside) {
  BenchOptions options;
  options.open_power = [&outside] { return std::make_unique<FakeMeasurement>(outside); };
  return options;
}

TEST(OutsideCurrent, flows_in_the_pack_in_place_of_the_inverters) {
  Outside outside;
  outside.measure(20.0);
  Bench bench(free_run(), measured_by(outside));
  bench.set("inverter1/demand_W", -3000.0);
  bench.run_until(20 * kSecond);
  EXPECT_NEAR(read(bench, "pack1/current_A"), 20.0, 1e-3);
  EXPECT_NEAR(read(bench, "bms1/current_A"), 20.0, 0.5);
  EXPECT_NEAR(read(bench, "inverter1/current_A"), 20.0, 1e-9);
  const double charged_Ah = read(bench, "pack1/charge_Ah");
  outside.measure(-36.0);
  bench.run_until(120 * kSecond);
  EXPECT_NEAR(read(bench, "pack1/discharge_Ah"), 1.0, 1e-3);
  EXPECT_NEAR(read(bench, "pack1/charge_Ah"), charged_Ah, 1e-3);
}

TEST(OutsideCurrent, sees_the_voltage_and_the_switches_of_the_pack) {
  Outside outside;
  outside.measure(0.0);
  Bench bench(free_run(), measured_by(outside));
  bench.run_until(2 * kMillisecond);
  EXPECT_FALSE(outside.wish.can_charge || outside.wish.can_discharge) << "its gates are open yet";
  bench.run_until(20 * kSecond);
  EXPECT_TRUE(outside.wish.can_charge && outside.wish.can_discharge && outside.wish.is_wanted);
  EXPECT_NEAR(outside.wish.terminal_V, read(bench, "pack1/stack_V"), 0.05);
  EXPECT_NEAR(static_cast<double>(outside.wish.t_ns), 20e9, 2e6);
}

TEST(OutsideCurrent, does_not_flow_where_the_switches_are_open) {
  Outside outside;
  outside.measure(20.0);
  Bench bench(free_run(), measured_by(outside));
  bench.run_until(20 * kSecond);
  bench.inject("charge-mosfet-stuck-open", 0, {}, "");
  bench.inject("discharge-mosfet-stuck-open", 0, {}, "");
  bench.run_until(21 * kSecond);
  EXPECT_FALSE(outside.wish.can_charge || outside.wish.can_discharge);
  EXPECT_EQ(read(bench, "pack1/current_A"), 0.0);
  EXPECT_LT(read(bench, "pack1/mosfet_degC"), 40.0) << "no avalanche";
  EXPECT_LT(read(bench, "pack1/terminal_V"), 1.0) << "nothing holds the link up";
  EXPECT_FALSE(bench.is_over()) << bench.why_over();
}

TEST(OutsideCurrent, flows_out_through_the_body_diode_of_the_charge_switch_only) {
  Outside outside;
  outside.measure(-20.0);
  Bench bench(free_run(), measured_by(outside));
  bench.run_until(20 * kSecond);
  bench.inject("charge-mosfet-stuck-open", 0, {}, "");
  bench.run_until(21 * kSecond);
  EXPECT_TRUE(outside.wish.can_discharge);
  EXPECT_FALSE(outside.wish.can_charge);
  EXPECT_NEAR(read(bench, "pack1/current_A"), -20.0, 0.1);
  EXPECT_LT(outside.wish.terminal_V, read(bench, "pack1/stack_V") - 0.5);
  outside.measure(20.0);
  bench.run_until(22 * kSecond);
  EXPECT_NEAR(read(bench, "pack1/current_A"), 0.0, 0.1);
  EXPECT_LE(outside.wish.terminal_V, read(bench, "pack1/stack_V"));
}

TEST(OutsideCurrent, flows_in_through_the_body_diode_of_the_discharge_switch_only) {
  Outside outside;
  outside.measure(-20.0);
  Bench bench(free_run(), measured_by(outside));
  bench.run_until(20 * kSecond);
  bench.inject("discharge-mosfet-stuck-open", 0, {}, "");
  bench.run_until(21 * kSecond);
  EXPECT_TRUE(outside.wish.can_charge);
  EXPECT_FALSE(outside.wish.can_discharge);
  EXPECT_NEAR(read(bench, "pack1/current_A"), 0.0, 1e-3);
  EXPECT_NEAR(outside.wish.terminal_V, read(bench, "pack1/stack_V"), 0.01)
      << "a source at 0 V would be a short to the inverter";
  outside.measure(20.0);
  bench.run_until(22 * kSecond);
  EXPECT_NEAR(read(bench, "pack1/current_A"), 20.0, 0.1);
}

TEST(OutsideCurrent, that_is_not_valid_is_none) {
  Outside outside;
  outside.measure(20.0);
  Bench bench(free_run(), measured_by(outside));
  bench.run_until(20 * kSecond);
  outside.reading.is_valid = false;
  outside.reading.phase = PowerPhase::safe;
  bench.run_until(20 * kSecond + 2 * kMillisecond);
  EXPECT_NEAR(read(bench, "pack1/current_A"), 0.0, 1e-3);
  EXPECT_EQ(format_value(bench.signals().all()[bench.signals().find("power1/state")],
                         read(bench, "power1/state")),
            "safe");
}

TEST(OutsideCurrent, is_not_wanted_by_control_or_with_the_breaker_open) {
  Outside outside;
  outside.measure(0.0);
  Bench bench(free_run(), measured_by(outside));
  bench.run_until(kSecond);
  EXPECT_TRUE(outside.wish.is_wanted);
  bench.set("power1/is_wanted", 0.0);
  bench.run_until(2 * kSecond);
  EXPECT_FALSE(outside.wish.is_wanted);
  bench.set("power1/is_wanted", 1.0);
  bench.set("inverter1/is_connected", 0.0);
  bench.run_until(3 * kSecond);
  EXPECT_FALSE(outside.wish.is_wanted);
}

TEST(OutsideCurrent, is_shared_by_the_packs_of_a_bank) {
  Outside outside;
  outside.measure(40.0);
  Scenario scenario = free_run(0.5, "hybrid-5k", "pylontech-us5000");
  add_like_packs(scenario, 2, 1);
  Bench bench(std::move(scenario), measured_by(outside));
  bench.run_until(30 * kSecond);
  EXPECT_TRUE(outside.wish.can_charge);
  EXPECT_NEAR(read(bench, "pack1/current_A") + read(bench, "pack2/current_A"), 40.0, 0.1);
  EXPECT_NEAR(outside.wish.terminal_V, read(bench, "pack1/terminal_V"), 0.2);
}

TEST(OutsideCurrent, waits_for_the_main_contactors_of_a_pack_that_precharges) {
  Outside outside;
  outside.measure(0.0);
  Bench bench(free_run(0.5, "hybrid-hv-10k", "dyness-tower-bdu"), measured_by(outside));
  bool was_precharging = false;
  while (!outside.wish.can_discharge && bench.now_ns() < 60 * kSecond) {
    bench.run_until(bench.now_ns() + 5 * kMillisecond);
    const bool is_precharging = read(bench, "bms1/coil/precharge") != 0.0;
    was_precharging = was_precharging || is_precharging;
  }
  EXPECT_TRUE(was_precharging);
  EXPECT_TRUE(outside.wish.can_discharge);
  EXPECT_NE(read(bench, "bms1/coil/main_1"), 0.0);
}

TEST(OutsideCurrent, is_closed_with_its_bench_and_named_in_the_log) {
  Outside outside;
  {
    const Bench bench(free_run(), measured_by(outside));
    EXPECT_TRUE(outside.is_open);
    EXPECT_EQ(bench.recorder().events().events().at(1).kind, "power");
  }
  EXPECT_FALSE(outside.is_open);
}

TEST(OutsideCurrent, is_left_behind_by_a_bench_that_goes_on_without_it) {
  Outside outside;
  outside.measure(20.0);
  Bench measured(free_run(), measured_by(outside));
  measured.run_until(20 * kSecond);
  const Snapshot snapshot = measured.snapshot();
  Bench without(free_run(), {}, snapshot);
  without.run_until(25 * kSecond);
  EXPECT_EQ(read(without, "power1/state"), 0.0);
  EXPECT_TRUE(std::isnan(read(without, "power1/measured_A")));
  EXPECT_LT(std::abs(read(without, "pack1/current_A")), 1.0) << "nothing is asked of the inverter";
}

}  // namespace
}  // namespace doppelpack::sim
