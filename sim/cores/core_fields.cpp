// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "cores/core_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <type_traits>
#include <utility>

#include "bms/bms.h"

namespace doppelpack::sim {

namespace {

using Json = nlohmann::ordered_json;

enum class Reading { number, rules, failures, state, reason };

struct Field {
  std::string_view name;
  std::size_t offset;
  std::size_t element_bytes;
  std::size_t count;  // of elements; 1: no array
  bool is_signed;
  Reading reading;
};

template <typename Type>
constexpr Field make_field(std::string_view name, std::size_t offset, Reading reading) {
  using Value = std::remove_reference_t<Type>;
  using Element = std::remove_all_extents_t<Value>;
  const std::size_t count = std::is_array_v<Value> ? std::extent_v<Value> : 1;
  return {name, offset, sizeof(Element), count, std::is_signed_v<Element>, reading};
}

// NOLINTBEGIN(bugprone-macro-parentheses): a type and a member cannot be in parentheses
#define FIELD(type, member, reading)                                                    \
  make_field<decltype((std::declval<type&>().member))>(#member, offsetof(type, member), \
                                                       Reading::reading)
// NOLINTEND(bugprone-macro-parentheses)
#define INPUT(member) FIELD(bms_inputs_t, member, number)
#define OUTPUT(member) FIELD(bms_outputs_t, member, number)

// In the order of the struct.
constexpr std::array kInputs{
    INPUT(fresh),
    INPUT(cell_adc),
    INPUT(pack_adc),
    INPUT(terminal_adc),
    INPUT(shunt_adc),
    INPUT(ntc_adc),
    INPUT(mosfet_ntc_adc),
    INPUT(insulation_kOhm),
    INPUT(afe_errors),
    INPUT(comparator_flags),
    INPUT(contacts),
    INPUT(buttons),
    INPUT(wake),
    INPUT(rtc_ms),
    INPUT(dip),
    INPUT(is_nvm_busy),
    INPUT(bus.inverter_frames),
    INPUT(bus.link_count),
};

constexpr std::array kOutputs{
    OUTPUT(charge_gate),
    OUTPUT(discharge_gate),
    OUTPUT(buzzer),
    OUTPUT(hold_supply),
    OUTPUT(coils),
    OUTPUT(clear_comparators),
    OUTPUT(bleeders),
    OUTPUT(pull_downs),
    OUTPUT(leds),
    OUTPUT(has_link_message),
    OUTPUT(link.address),
    OUTPUT(link.role),
    OUTPUT(link.firmware_version),
    OUTPUT(link.serial_number),
    OUTPUT(link.uptime_ms),
    OUTPUT(link.pack_mV),
    OUTPUT(link.current_mA),
    OUTPUT(link.remaining_mAh),
    OUTPUT(link.full_mAh),
    OUTPUT(link.cvl_mV),
    OUTPUT(link.discharge_voltage_limit_mV),
    OUTPUT(link.ccl_mA),
    OUTPUT(link.dcl_mA),
    FIELD(bms_outputs_t, link.failures, failures),
    FIELD(bms_outputs_t, link.protections, rules),
    FIELD(bms_outputs_t, link.warnings, rules),
    OUTPUT(link.highest_cell_mV),
    OUTPUT(link.lowest_cell_mV),
    OUTPUT(link.hottest_ddegC),
    OUTPUT(link.coldest_ddegC),
    OUTPUT(link.soh_permille),
    OUTPUT(link.flags),
    OUTPUT(link.hops),
    OUTPUT(link.reserved),
    OUTPUT(nvm.offset),
    OUTPUT(nvm.length),
    OUTPUT(nvm.bytes),
    OUTPUT(report.uptime_ms),
    OUTPUT(report.cell_count),
    OUTPUT(report.ntc_count),
    OUTPUT(report.cell_mV),
    OUTPUT(report.ntc_ddegC),
    OUTPUT(report.pack_mV),
    OUTPUT(report.current_mA),
    OUTPUT(report.soc_permille),
    OUTPUT(report.soh_permille),
    OUTPUT(report.remaining_mAh),
    OUTPUT(report.full_mAh),
    OUTPUT(report.cycle_count),
    OUTPUT(report.cvl_mV),
    OUTPUT(report.discharge_voltage_limit_mV),
    OUTPUT(report.ccl_mA),
    OUTPUT(report.dcl_mA),
    OUTPUT(report.is_charge_allowed),
    OUTPUT(report.is_discharge_allowed),
    OUTPUT(report.requests),
    FIELD(bms_outputs_t, report.warnings, rules),
    FIELD(bms_outputs_t, report.limitings, rules),
    FIELD(bms_outputs_t, report.protections, rules),
    FIELD(bms_outputs_t, report.latched, rules),
    FIELD(bms_outputs_t, report.failures, failures),
    FIELD(bms_outputs_t, report.state, state),
    FIELD(bms_outputs_t, report.reason, reason),
    OUTPUT(report.terminal_mV),
    OUTPUT(report.stack_mV),
    OUTPUT(report.mosfet_ddegC),
    OUTPUT(report.insulation_kOhm),
    OUTPUT(report.firmware_version),
    OUTPUT(report.address),
    OUTPUT(report.role),
    OUTPUT(report.members),
    OUTPUT(report.is_full),
    OUTPUT(report.error_code),
    OUTPUT(report.serial_number),
    OUTPUT(report.bank.pack_mV),
    OUTPUT(report.bank.current_mA),
    OUTPUT(report.bank.soc_permille),
    OUTPUT(report.bank.soh_permille),
    OUTPUT(report.bank.remaining_mAh),
    OUTPUT(report.bank.full_mAh),
    OUTPUT(report.bank.cvl_mV),
    OUTPUT(report.bank.discharge_voltage_limit_mV),
    OUTPUT(report.bank.ccl_mA),
    OUTPUT(report.bank.dcl_mA),
    FIELD(bms_outputs_t, report.bank.warnings, rules),
    FIELD(bms_outputs_t, report.bank.protections, rules),
    FIELD(bms_outputs_t, report.bank.failures, failures),
    OUTPUT(report.bank.highest_cell_mV),
    OUTPUT(report.bank.lowest_cell_mV),
    OUTPUT(report.bank.hottest_ddegC),
    OUTPUT(report.bank.coldest_ddegC),
    OUTPUT(report.bank.is_charge_allowed),
    OUTPUT(report.bank.is_discharge_allowed),
};

constexpr std::size_t kNamedBytes = [] {
  std::size_t bytes = 0;
  for (const Field& field : kOutputs) bytes += field.element_bytes * field.count;
  return bytes;
}();
constexpr std::size_t kPaddingBytes = 29;  // on every host with 8-byte alignment
static_assert(kNamedBytes + kPaddingBytes == sizeof(bms_outputs_t), "a field has no row here");

#undef OUTPUT
#undef INPUT
#undef FIELD

using Bytes = std::span<const std::byte>;

template <typename Struct>
Bytes bytes_of(const Struct& value) {
  return std::as_bytes(std::span(&value, 1));
}

std::uint64_t raw(Bytes bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    value |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);  // little-endian hosts only
  return value;
}

std::int64_t number(const Field& field, Bytes element) {
  const std::uint64_t value = raw(element);
  const unsigned unused = 64U - 8U * static_cast<unsigned>(field.element_bytes);
  if (!field.is_signed) return static_cast<std::int64_t>(value);
  return static_cast<std::int64_t>(value << unused) >> unused;
}

template <typename Item>
Json names_of(std::uint64_t set, int count, const char* (*name)(Item)) {
  Json names = Json::array();
  for (int i = 0; i < 64; ++i) {
    if ((set >> static_cast<unsigned>(i) & 1U) == 0) continue;
    names.push_back(i < count ? name(static_cast<Item>(i)) : fmt::format("bit {}", i));
  }
  return names;
}

Json element_value(const Field& field, Bytes element) {
  switch (field.reading) {
    case Reading::rules:
      return names_of(raw(element), BMS_RULE_COUNT, bms_rule_name);
    case Reading::failures:
      return names_of(raw(element), BMS_FAILURE_COUNT, bms_failure_name);
    case Reading::reason:
      return bms_reason_name(static_cast<bms_reason_t>(raw(element)));
    case Reading::state:
      return bms_state_name(static_cast<bms_state_t>(raw(element)));
    case Reading::number:
      break;
  }
  return number(field, element);
}

Bytes element(const Field& field, Bytes whole, std::size_t i) {
  return whole.subspan(field.offset + i * field.element_bytes, field.element_bytes);
}

Json to_fields(std::span<const Field> fields, Bytes whole) {
  Json object = Json::object();
  for (const Field& field : fields) {
    Json& value = object[std::string(field.name)];
    if (field.count == 1) {
      value = element_value(field, element(field, whole, 0));
      continue;
    }
    value = Json::array();
    for (std::size_t i = 0; i < field.count; ++i)
      value.push_back(element_value(field, element(field, whole, i)));
  }
  return object;
}

struct Comparison {
  Bytes first;
  Bytes second;
  std::vector<FieldDifference> found;

  bool differ(std::size_t offset, std::size_t count) const {
    return !std::ranges::equal(first.subspan(offset, count), second.subspan(offset, count));
  }

  void compare(const Field& field) {
    for (std::size_t i = 0; i < field.count; ++i) {
      if (!differ(field.offset + i * field.element_bytes, field.element_bytes)) continue;
      const std::string index = field.count == 1 ? "" : fmt::format("[{}]", i);
      found.push_back({std::string(field.name) + index,
                       element_value(field, element(field, first, i)).dump(),
                       element_value(field, element(field, second, i)).dump()});
    }
  }
};

}  // namespace

std::vector<FieldDifference> differences(const bms_outputs_t& first, const bms_outputs_t& second) {
  Comparison comparison{bytes_of(first), bytes_of(second), {}};
  for (const Field& field : kOutputs) comparison.compare(field);
  return std::move(comparison.found);
}

bool is_output_field(std::string_view beginning) {
  return std::ranges::any_of(kOutputs,
                             [&](const Field& field) { return field.name.starts_with(beginning); });
}

Json to_fields(const bms_inputs_t& inputs) {
  return to_fields(kInputs, bytes_of(inputs));
}

Json to_fields(const bms_outputs_t& outputs) {
  return to_fields(kOutputs, bytes_of(outputs));
}

}  // namespace doppelpack::sim
