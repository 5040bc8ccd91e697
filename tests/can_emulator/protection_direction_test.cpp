// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Which direction an inverter takes a protection to be against.
#include <gtest/gtest.h>

#include "bms/types.h"
#include "can_emulator/can_protocol.hpp"
#include "can_emulator/serial_protocol.hpp"
#include "can_protocol_bench.hpp"

namespace doppelpack::can_emulator {
namespace {

struct Direction {
  const char* protocol;
  bms_rule_t rule;
  bool is_against_charge;
  bool is_against_discharge;
};

// Pylontech has one bit for a temperature in both directions: it counts against charge. So does a
// broken pack where flags say whether it may be discharged; SMA has none.
constexpr Direction kDirections[]{
    {"pylontech-lv-can", BMS_RULE_CELL_OV, true, false},
    {"pylontech-lv-can", BMS_RULE_CELL_UV, false, true},
    {"pylontech-lv-can", BMS_RULE_OCC, true, false},
    {"pylontech-lv-can", BMS_RULE_OCD, false, true},
    {"pylontech-lv-can", BMS_RULE_OTD, true, false},
    {"pylontech-lv-can", BMS_RULE_CELL_ZERO, true, false},
    {"pylontech-lv-can", BMS_RULE_SPREAD, false, false},
    {"sma-can", BMS_RULE_PACK_OV, true, false},
    {"sma-can", BMS_RULE_PACK_UV, false, true},
    {"sma-can", BMS_RULE_UTC, true, false},
    {"sma-can", BMS_RULE_UTD, false, true},
    {"sma-can", BMS_RULE_CELL_ZERO, true, true},
    {"growatt-lv-can", BMS_RULE_CELL_OV, true, false},
    {"growatt-lv-can", BMS_RULE_UTD, false, true},
    {"growatt-lv-can", BMS_RULE_CELL_ZERO, true, false},
    {"deye-lv-can", BMS_RULE_OCC, true, false},
    {"deye-lv-can", BMS_RULE_OTD, false, true},
};

TEST(ProtectionDirection, follows_from_the_bit_on_the_wire) {
  for (const Direction& row : kDirections) {
    bms_report_t report{};
    report.protections = BMS_RULE_BIT(row.rule);
    const BatteryView view = decode_every(*find_can_protocol(row.protocol), report);
    EXPECT_EQ(view.is_charge_protected, row.is_against_charge) << row.protocol << " " << row.rule;
    EXPECT_EQ(view.is_discharge_protected, row.is_against_discharge)
        << row.protocol << " " << row.rule;
  }
}

// Pylontech's high-voltage stack says it when asked.
BatteryView asked_of_stack(const bms_report_t& report) {
  const CanProtocol& protocol = *find_can_protocol("pylontech-hv-can");
  const CanFrame question = protocol.encode_heartbeat();
  BatteryView view;
  for (const CanFrame& frame : protocol.respond(question, report, {}))
    protocol.decode(frame, {}, view);
  return view;
}

BatteryView asked_over_rs485(const char* key, const bms_report_t& report) {
  const SerialProtocol& protocol = *find_serial_protocol(key);
  BatteryIdentity identity;
  BatteryView view;
  for (std::size_t i = 0; i < protocol.poll_count; ++i) {
    const Bytes request = protocol.encode_request(i, identity.serial_address);
    protocol.decode_reply(i, protocol.respond(request, report, identity).bytes, {}, view);
  }
  return view;
}

constexpr Direction kAskedDirections[]{
    {"pylontech-hv-can", BMS_RULE_CELL_OV, true, false},
    {"pylontech-hv-can", BMS_RULE_OTD, false, true},
    {"pylontech-hv-can", BMS_RULE_UTC, true, false},
    {"pylontech-hv-can", BMS_RULE_CELL_ZERO, true, false},
    {"pylontech-rs485", BMS_RULE_PACK_OV, true, false},
    {"pylontech-rs485", BMS_RULE_CELL_UV, false, true},
    {"pylontech-rs485", BMS_RULE_OCC, true, false},
    {"pylontech-rs485", BMS_RULE_OCD2, false, true},
    {"pylontech-rs485", BMS_RULE_CELL_ZERO, true, false},
    {"growatt-rs485", BMS_RULE_OCC, true, false},
    {"growatt-rs485", BMS_RULE_SCD, false, true},
    {"growatt-rs485", BMS_RULE_UTD, false, true},
    {"growatt-rs485", BMS_RULE_CELL_ZERO, true, false},
};

TEST(ProtectionDirection, is_told_to_whoever_asks_too) {
  for (const Direction& row : kAskedDirections) {
    const auto heard = [&](const bms_report_t& report) {
      return find_can_protocol(row.protocol) != nullptr ? asked_of_stack(report)
                                                        : asked_over_rs485(row.protocol, report);
    };
    bms_report_t report{};
    EXPECT_EQ(heard(report).is_charge_protected, false) << row.protocol;
    EXPECT_EQ(heard(report).is_discharge_protected, false) << row.protocol;
    report.protections = BMS_RULE_BIT(row.rule);
    EXPECT_EQ(heard(report).is_charge_protected, row.is_against_charge)
        << row.protocol << " " << row.rule;
    EXPECT_EQ(heard(report).is_discharge_protected, row.is_against_discharge)
        << row.protocol << " " << row.rule;
  }
}

TEST(ProtectionDirection, is_none_when_nothing_is_wrong) {
  for (const char* const key : {"pylontech-lv-can", "sma-can", "growatt-lv-can", "deye-lv-can"}) {
    const BatteryView view = decode_every(*find_can_protocol(key), bms_report_t{});
    EXPECT_EQ(view.is_charge_protected, false) << key;
    EXPECT_EQ(view.is_discharge_protected, false) << key;
  }
}

}  // namespace
}  // namespace doppelpack::can_emulator
