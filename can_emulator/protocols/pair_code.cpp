// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "protocols/pair_code.hpp"

#include "protocols/report_summary.hpp"

namespace doppelpack::can_emulator {

namespace {

// Place of a pair: bits 2n and 2n+1 of the four bytes of alarms or warnings, little endian.
enum Topic : std::uint8_t {
  topic_general,
  topic_high_voltage,
  topic_low_voltage,
  topic_high_temperature,
  topic_low_temperature,
  topic_high_temperature_charge,
  topic_low_temperature_charge,
  topic_high_current,
  topic_high_charge_current,
  topic_contactor,
  topic_short_circuit,
  topic_internal,
  topic_imbalance,
};

struct TopicRules {
  Topic topic;
  std::uint32_t rules;
};
constexpr std::array kTopics{
    TopicRules{topic_general, kBroken},
    TopicRules{topic_high_voltage, BMS_RULE_BIT(BMS_RULE_CELL_OV) | BMS_RULE_BIT(BMS_RULE_PACK_OV)},
    TopicRules{topic_low_voltage, BMS_RULE_BIT(BMS_RULE_CELL_UV) | BMS_RULE_BIT(BMS_RULE_PACK_UV)},
    TopicRules{topic_high_temperature,
               BMS_RULE_BIT(BMS_RULE_OTD) | BMS_RULE_BIT(BMS_RULE_MOSFET_OT)},
    TopicRules{topic_low_temperature, BMS_RULE_BIT(BMS_RULE_UTD)},
    TopicRules{topic_high_temperature_charge, BMS_RULE_BIT(BMS_RULE_OTC)},
    TopicRules{topic_low_temperature_charge, BMS_RULE_BIT(BMS_RULE_UTC)},
    TopicRules{topic_high_current, BMS_RULE_BIT(BMS_RULE_OCD) | BMS_RULE_BIT(BMS_RULE_OCD2)},
    TopicRules{topic_high_charge_current, BMS_RULE_BIT(BMS_RULE_OCC)},
    TopicRules{topic_short_circuit, BMS_RULE_BIT(BMS_RULE_SCD)},
    TopicRules{topic_imbalance,
               BMS_RULE_BIT(BMS_RULE_SPREAD) | BMS_RULE_BIT(BMS_RULE_SPREAD_FAILURE)},
};

constexpr std::uint32_t raised(Topic topic) {
  return std::uint32_t{1} << (2U * topic);
}

std::uint32_t raised_by_rules(std::uint32_t rules) {
  std::uint32_t bits = 0;
  for (const TopicRules& topic : kTopics) {
    if ((rules & topic.rules) != 0) bits |= raised(topic.topic);
  }
  return bits;
}

std::uint32_t raised_by_failures(std::uint64_t failures) {
  std::uint32_t bits = 0;
  if ((failures & kSwitchFailures) != 0) bits |= raised(topic_contactor);
  if ((failures & ~kSwitchFailures) != 0) bits |= raised(topic_internal);
  return bits;
}

void raise_in(CanFrame& frame, std::size_t first_byte, std::uint32_t bits) {
  for (std::size_t i = 0; i < 4; ++i) {
    const unsigned byte = (bits >> (8U * i)) & 0xFFU;
    std::uint8_t& pairs = frame.data[first_byte + i];
    pairs = static_cast<std::uint8_t>((pairs & ~(byte | byte << 1U)) | byte);
  }
}

std::uint32_t raised_in(const CanFrame& frame, std::size_t first_byte) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const unsigned pairs = frame.data[first_byte + i];
    bits |= (pairs & ~(pairs >> 1U) & 0x55U) << (8U * i);
  }
  return bits;
}

}  // namespace

CanFrame encode_pair_codes(const bms_report_t& report, const HealthyPairs& healthy) {
  CanFrame frame;
  frame.id = kPairCodesId;
  frame.dlc = 8;
  frame.data = healthy;
  // A failure the pack lives with is a warning: SMA goes to standby on any alarm.
  const bool is_alarm = is_something_open(report);
  const std::uint32_t failures = raised_by_failures(report.failures);
  raise_in(frame, 0, raised_by_rules(report.protections) | (is_alarm ? failures : 0));
  raise_in(frame, 4, raised_by_rules(report.warnings) | (is_alarm ? 0 : failures));
  return frame;
}

void decode_pair_codes(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  const std::uint32_t bits = raised_in(frame, 0);
  // Sunny Island goes to standby on any alarm (SMA); this takes the direction that it is about.
  const std::uint32_t against_both = raised(topic_general);
  view.protections = bits;
  view.is_charge_protected = (bits & (raised_by_rules(kAgainstCharge) | against_both)) != 0;
  view.is_discharge_protected = (bits & (raised_by_rules(kAgainstDischarge) | against_both)) != 0;
  view.warnings = raised_in(frame, 4);
}

}  // namespace doppelpack::can_emulator
