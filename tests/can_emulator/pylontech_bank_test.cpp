// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The inverter is told of the whole bank; a monitor that asks for one pack hears of that one.
#include <gtest/gtest.h>

#include "can_emulator/can_protocol.hpp"
#include "can_emulator/serial_protocol.hpp"
#include "sample_report.hpp"

namespace doppelpack::can_emulator {
namespace {

/// The master of three packs, of which it is the healthiest.
bms_report_t master_report() {
  bms_report_t report = sample_report();
  report.members = 3;
  bms_bank_t& bank = report.bank;
  bank.pack_mV = 51230;
  bank.current_mA = -24000;
  bank.soc_permille = 420;
  bank.soh_permille = 910;
  bank.remaining_mAh = 61000;
  bank.full_mAh = 148000;
  bank.cvl_mV = 53200;
  bank.discharge_voltage_limit_mV = 49000;
  bank.ccl_mA = 75000;
  bank.dcl_mA = 91000;
  bank.warnings = BMS_RULE_BIT(BMS_RULE_CELL_UV);
  bank.protections = BMS_RULE_BIT(BMS_RULE_PACK_UV);
  bank.is_charge_allowed = true;
  bank.is_discharge_allowed = false;
  return report;
}

BatteryView heard_on_can(const bms_report_t& report) {
  const CanProtocol& protocol = *find_can_protocol("pylontech-lv-can");
  BatteryView view;
  for (const PeriodicFrame& periodic : protocol.periodic) {
    if (const auto frame = periodic.encode(report, {}))
      EXPECT_TRUE(protocol.decode(*frame, {}, view));
  }
  return view;
}

BatteryView heard_on_rs485(const bms_report_t& report, std::initializer_list<std::size_t> asked) {
  const SerialProtocol& protocol = *find_serial_protocol("pylontech-rs485");
  const BatteryIdentity identity;
  BatteryView view;
  for (const std::size_t index : asked) {
    const Bytes request = protocol.encode_request(index, identity.serial_address);
    EXPECT_TRUE(
        protocol.decode_reply(index, protocol.respond(request, report, identity).bytes, {}, view));
  }
  return view;
}

void expect_bank(const BatteryView& view) {
  EXPECT_DOUBLE_EQ(view.cvl_V.value(), 53.2);
  EXPECT_DOUBLE_EQ(view.discharge_voltage_limit_V.value(), 49.0);
  EXPECT_DOUBLE_EQ(view.ccl_A.value(), 75.0);
  EXPECT_DOUBLE_EQ(view.dcl_A.value(), 91.0);
  EXPECT_DOUBLE_EQ(view.soc.value(), 0.42);
  EXPECT_DOUBLE_EQ(view.soh.value(), 0.91);
  EXPECT_NEAR(view.pack_V.value(), 51.23, 1e-9);
  EXPECT_DOUBLE_EQ(view.current_A.value(), -24.0);
  EXPECT_TRUE(view.is_charge_allowed.value());
  EXPECT_FALSE(view.is_discharge_allowed.value());
  EXPECT_NE(view.protections.value(), 0U);
  EXPECT_NE(view.warnings.value(), 0U);
}

TEST(PylontechBank, CanTellsOfTheWholeBank) {
  const BatteryView view = heard_on_can(master_report());
  expect_bank(view);
  EXPECT_EQ(view.module_count.value(), 3U);
}

TEST(PylontechBank, CanTellsOfAPackThatKnowsNoBank) {
  bms_report_t report = master_report();
  report.members = 0;
  BatteryIdentity identity;
  EXPECT_EQ(heard_on_can(report), heard_on_can(sample_report()));
  EXPECT_EQ(heard_on_can(report).module_count.value(), identity.module_count);
}

// 0x61, 0x63 and 0x62: the system as a whole.
TEST(PylontechBank, Rs485SystemQuestionsTellOfTheWholeBank) {
  expect_bank(heard_on_rs485(master_report(), {0, 1, 2}));
}

// 0x42 and 0x92: one pack.
TEST(PylontechBank, Rs485PackQuestionsTellOfThisPack) {
  EXPECT_EQ(heard_on_rs485(master_report(), {3, 4}), heard_on_rs485(sample_report(), {3, 4}));
}

}  // namespace
}  // namespace doppelpack::can_emulator
