// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "sim/fault.hpp"
#include "small_bench.hpp"

namespace doppelpack::sim {
namespace {

using models::MosfetCondition;
using models::WireCondition;

class Faults : public ::testing::Test {
 protected:
  void apply(std::string_view key, int target = 0, double severity = 0.0) {
    const Fault* fault = find_fault(key);
    ASSERT_NE(fault, nullptr) << key;
    fault->apply(condition_, target, severity);
  }
  // Everything but what the test has put right in `expected_`.
  void expect_nothing_else() { EXPECT_TRUE(condition_ == expected_); }

  Condition condition_ = small_state().units[0].condition;
  Condition expected_ = condition_;
};

TEST_F(Faults, are_the_known_ones_and_described) {
  std::set<std::string_view> keys;
  for (const Fault* fault : faults()) {
    EXPECT_TRUE(keys.insert(fault->key).second) << fault->key;
    EXPECT_EQ(find_fault(fault->key), fault);
    EXPECT_FALSE(fault->help.empty()) << fault->key;
    EXPECT_FALSE(fault->failure_mode.empty()) << fault->key;
    EXPECT_FALSE(fault->nature.empty()) << fault->key;
    EXPECT_FALSE(fault->found_by.empty()) << fault->key;
    EXPECT_EQ(fault->has_severity, !fault->severity_name.empty()) << fault->key;
    EXPECT_LE(fault->severity_min, fault->severity_default) << fault->key;
    EXPECT_LE(fault->severity_default, fault->severity_max) << fault->key;
    ASSERT_NE(fault->apply, nullptr) << fault->key;
  }
  for (const char* key : {"ntc-open",
                          "ntc-short",
                          "ntc-offset",
                          "charge-mosfet-stuck-closed",
                          "charge-mosfet-stuck-open",
                          "discharge-mosfet-stuck-closed",
                          "discharge-mosfet-stuck-open",
                          "shunt-offset",
                          "shunt-gain",
                          "cell-internal-short",
                          "terminal-short",
                          "loose-busbar",
                          "can-unplugged",
                          "can-swapped",
                          "can-wrong-bit-rate",
                          "can-terminator-missing",
                          "can-bit-errors",
                          "can-stuck-dominant",
                          "can-shorted",
                          "can-babbling-node",
                          "can-ground-offset",
                          "can-gateway-late",
                          "can-gateway-duplicates",
                          "can-gateway-reorders",
                          "can-gateway-truncates",
                          "rs485-unplugged",
                          "rs485-swapped",
                          "rs485-wrong-baud",
                          "rs485-terminator-missing",
                          "rs485-byte-errors",
                          "rs485-stuck",
                          "rs485-ground-offset",
                          "rs485-late",
                          "rs485-driver-early-off",
                          "wrong-port",
                          "afe-silent",
                          "afe-corrupt",
                          "rtc-drift",
                          "sense-wire-open",
                          "insulation-fault",
                          "breaker-off",
                          "main-relay-1-welded",
                          "main-relay-1-stuck-open",
                          "main-relay-2-welded",
                          "main-relay-2-stuck-open",
                          "precharge-relay-welded",
                          "precharge-relay-stuck-open"}) {
    EXPECT_TRUE(keys.contains(key)) << key;
  }
  EXPECT_EQ(find_fault("ntc"), nullptr);
  EXPECT_EQ(find_fault(""), nullptr);
}

TEST_F(Faults, with_a_severity_change_something_at_their_default) {
  for (const Fault* fault : faults()) {
    Condition condition = expected_;
    fault->apply(condition, 0, fault->severity_default);
    EXPECT_FALSE(condition == expected_) << fault->key;
  }
}

TEST_F(Faults, of_a_thermistor_hit_that_one_only) {
  apply("ntc-open", 1);
  apply("ntc-short", 2);
  apply("ntc-offset", 3, -12.5);
  EXPECT_EQ(condition_.hardware.ntcs[1].wire, WireCondition::open);
  EXPECT_EQ(condition_.hardware.ntcs[2].wire, WireCondition::shorted);
  EXPECT_DOUBLE_EQ(condition_.hardware.ntcs[3].offset_K, -12.5);
  expected_.hardware.ntcs[1].wire = WireCondition::open;
  expected_.hardware.ntcs[2].wire = WireCondition::shorted;
  expected_.hardware.ntcs[3].offset_K = -12.5;
  expect_nothing_else();
}

TEST_F(Faults, of_a_mosfet_hit_that_one_only) {
  apply("charge-mosfet-stuck-closed");
  apply("discharge-mosfet-stuck-open");
  EXPECT_EQ(condition_.hardware.charge_mosfet, MosfetCondition::kStuckClosed);
  EXPECT_EQ(condition_.hardware.discharge_mosfet, MosfetCondition::kStuckOpen);
  condition_ = expected_;
  apply("charge-mosfet-stuck-open");
  apply("discharge-mosfet-stuck-closed");
  EXPECT_EQ(condition_.hardware.charge_mosfet, MosfetCondition::kStuckOpen);
  EXPECT_EQ(condition_.hardware.discharge_mosfet, MosfetCondition::kStuckClosed);
  expected_.hardware.charge_mosfet = MosfetCondition::kStuckOpen;
  expected_.hardware.discharge_mosfet = MosfetCondition::kStuckClosed;
  expect_nothing_else();
}

TEST_F(Faults, of_relays_and_breaker_hit_that_one_only) {
  using models::ContactCondition;
  apply("main-relay-1-welded");
  apply("main-relay-2-stuck-open");
  apply("precharge-relay-welded");
  apply("breaker-off");
  expected_.hardware.main_relay_1 = ContactCondition::welded;
  expected_.hardware.main_relay_2 = ContactCondition::stuck_open;
  expected_.hardware.precharge_relay = ContactCondition::welded;
  expected_.hardware.is_breaker_off = true;
  expect_nothing_else();
  apply("main-relay-1-stuck-open");
  apply("main-relay-2-welded");
  apply("precharge-relay-stuck-open");
  expected_.hardware.main_relay_1 = ContactCondition::stuck_open;
  expected_.hardware.precharge_relay = ContactCondition::stuck_open;
  expect_nothing_else();
}

TEST_F(Faults, of_wires_and_insulation_hit_what_they_name) {
  apply("sense-wire-open", 16);
  apply("insulation-fault", 0, 50e3);
  apply("insulation-fault", 0, 50e3);
  expected_.hardware.sense_wires[16].is_open = true;
  expected_.hardware.insulation_S = 40e-6;
  expect_nothing_else();
}

TEST_F(Faults, of_the_electronics_add_up) {
  apply("afe-silent");
  apply("afe-corrupt", 0, 0.5);
  apply("afe-corrupt", 0, 0.5);
  apply("rtc-drift", 0, 0.05);
  apply("rtc-drift", 0, 0.05);
  expected_.electronics = {true, 0.75, 0.1};
  expect_nothing_else();
  for (int times = 0; times < 9; ++times) apply("rtc-drift", 0, -0.4);
  EXPECT_DOUBLE_EQ(condition_.electronics.rtc_error, -0.9);
}

TEST_F(Faults, of_a_module_connector_take_power_and_supply_away) {
  apply("module-connector-loose");
  EXPECT_GT(condition_.hardware.link_extra_Ohm.back(), 1000.0);
  EXPECT_GT(condition_.electronics.supply_drop_V, 1000.0);
  expected_.hardware.link_extra_Ohm.back() = condition_.hardware.link_extra_Ohm.back();
  expected_.electronics.supply_drop_V = condition_.electronics.supply_drop_V;
  expect_nothing_else();
}

TEST_F(Faults, of_the_shunt_falsify_the_reading) {
  apply("shunt-offset", 0, -2.0);
  apply("shunt-gain", 0, 0.9);
  expected_.hardware.shunt_offset_A = -2.0;
  expected_.hardware.shunt_gain = 0.9;
  expect_nothing_else();
}

TEST_F(Faults, shorts_become_conductances) {
  apply("cell-internal-short", 4, 0.5);
  apply("terminal-short", 0, 0.005);
  EXPECT_DOUBLE_EQ(condition_.hardware.terminal_short_S, 200.0);
  expected_.hardware.cell_short_S[4] = 2.0;
  expected_.hardware.terminal_short_S = condition_.hardware.terminal_short_S;
  expect_nothing_else();
}

TEST_F(Faults, of_busbars_and_cables_hit_what_they_name) {
  apply("loose-busbar", 15, 0.002);
  apply("can-unplugged");
  expected_.hardware.link_extra_Ohm[15] = 0.002;
  expected_.cabling.can_plug.is_connected = false;
  expect_nothing_else();
  apply("rs485-unplugged");
  expected_.cabling.rs485_plug.is_connected = false;
  expect_nothing_else();
}

TEST_F(Faults, of_a_cable_in_the_wrong_jack_silence_both_buses) {
  apply("wrong-port");
  expected_.cabling.can_plug.is_connected = false;
  expected_.cabling.rs485_plug.is_connected = false;
  expect_nothing_else();
}

TEST_F(Faults, of_a_gateway_hit_the_gateway) {
  apply("can-gateway-late", 0, 1.5);
  apply("can-gateway-duplicates", 0, 0.125);
  apply("can-gateway-reorders", 0, 0.25);
  apply("can-gateway-truncates", 0, 0.5);
  expected_.cabling.can_gateway = {1'500'000'000, 0.125, 0.25, 0.5};
  expect_nothing_else();
}

TEST_F(Faults, of_the_rs485_hit_its_plug_or_the_pair) {
  apply("rs485-swapped");
  apply("rs485-wrong-baud", 0, 19200.0);
  apply("rs485-ground-offset", 0, -10.0);
  expected_.cabling.rs485_plug.is_swapped = true;
  expected_.cabling.rs485_plug.format = {19200, can_emulator::Parity::none};
  expected_.cabling.rs485_plug.ground_offset_V = -10.0;
  expect_nothing_else();
  apply("rs485-terminator-missing");
  apply("rs485-byte-errors", 0, 0.25);
  apply("rs485-stuck");
  expected_.cabling.rs485_wire = {1, true, 0.25};
  expect_nothing_else();
  apply("rs485-late", 0, 0.5);
  apply("rs485-driver-early-off", 0, 3.0);
  expected_.cabling.rs485_plug.delay_ns = 500'000'000;
  expected_.cabling.rs485_plug.lost_tail_bytes = 3;
  expect_nothing_else();
}

TEST_F(Faults, add_to_what_is_already_wrong) {
  for (int times = 0; times < 2; ++times) {
    apply("cell-internal-short", 4, 0.5);
    apply("terminal-short", 0, 0.5);
    apply("loose-busbar", 3, 0.001);
    apply("ntc-offset", 0, 10.0);
    apply("shunt-offset", 0, 1.5);
    apply("shunt-gain", 0, 0.5);
  }
  EXPECT_DOUBLE_EQ(condition_.hardware.cell_short_S[4], 4.0);
  EXPECT_DOUBLE_EQ(condition_.hardware.terminal_short_S, 4.0);
  EXPECT_DOUBLE_EQ(condition_.hardware.link_extra_Ohm[3], 0.002);
  EXPECT_DOUBLE_EQ(condition_.hardware.ntcs[0].offset_K, 20.0);
  EXPECT_DOUBLE_EQ(condition_.hardware.shunt_offset_A, 3.0);
  EXPECT_DOUBLE_EQ(condition_.hardware.shunt_gain, 0.25);
}

TEST_F(Faults, change_something_each) {
  for (const Fault* fault : faults()) {
    Condition one = expected_;
    fault->apply(one, 0, fault->severity_max);
    EXPECT_FALSE(one == expected_) << fault->key;
  }
}

TEST_F(Faults, of_cells_in_parallel_hit_what_they_share) {
  condition_.hardware = models::flawless_hardware(2 * kCells, kNtcs, kCells);
  apply("loose-busbar", kCells + 3, 0.002);
  apply("bleeder-stuck-on", kCells + 3);
  EXPECT_DOUBLE_EQ(condition_.hardware.link_extra_Ohm[3], 0.002);
  EXPECT_EQ(condition_.hardware.bleeders_on, 1U << 3U);
}

TEST_F(Faults, of_single_mosfets_count_until_all_of_them_have_died) {
  apply("charge-mosfet-partly-open", 0, 0.3);
  apply("charge-mosfet-partly-open", 0, 0.2);
  EXPECT_DOUBLE_EQ(condition_.hardware.charge_mosfet.open_share, 0.3);
  apply("charge-mosfet-stuck-closed");
  EXPECT_EQ(condition_.hardware.charge_mosfet, MosfetCondition::kStuckClosed);
  apply("charge-mosfet-partly-open", 0, 0.3);
  EXPECT_EQ(condition_.hardware.charge_mosfet, MosfetCondition::kStuckClosed);
}

TEST_F(Faults, fold_to_the_same_in_every_order) {
  for (const Fault* first : faults()) {
    for (const Fault* second : faults()) {
      Condition one = expected_;
      first->apply(one, 0, first->severity_default);
      second->apply(one, 0, second->severity_default);
      Condition other = expected_;
      second->apply(other, 0, second->severity_default);
      first->apply(other, 0, first->severity_default);
      EXPECT_TRUE(one.hardware == other.hardware && one.cabling == other.cabling &&
                  one.electronics == other.electronics)
          << first->key << " and " << second->key;
    }
  }
}

}  // namespace
}  // namespace doppelpack::sim
