// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Only what the firmware itself reports and drives: nothing here may look at the plant.

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "bms/bms.h"
#include "harness/signal_tables.hpp"
#include "load/bms_words.hpp"

namespace doppelpack::sim {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// All that bms_outputs holds is in thousandths; dividing gives the number a user would write.
template <auto kField>
double read_milli(const PackUnit& unit, int /*index*/) {
  return static_cast<double>(unit.bms_outputs.report.*kField) / 1000.0;
}

template <auto kField>
double read_report(const PackUnit& unit, int /*index*/) {
  return static_cast<double>(unit.bms_outputs.report.*kField);
}

template <auto kField, std::uint32_t kBit>
double read_report_bit(const PackUnit& unit, int /*index*/) {
  return (unit.bms_outputs.report.*kField & kBit) != 0 ? 1.0 : 0.0;
}

template <auto kField>
double read_rule(const PackUnit& unit, int rule) {
  return (unit.bms_outputs.report.*kField & BMS_RULE_BIT(rule)) != 0 ? 1.0 : 0.0;
}

double cell_V(const PackUnit& unit, int cell) {
  return unit.bms_outputs.report.cell_mV[cell] / 1000.0;
}

double ntc_degC(const PackUnit& unit, int ntc) {
  const std::int16_t ddegC = unit.bms_outputs.report.ntc_ddegC[ntc];
  return ddegC == BMS_NTC_INVALID_DDEGC ? kUnknown : ddegC / 10.0;
}

// The extreme of the first `count` readings; unknown ones do not take part.
template <double (*kRead)(const PackUnit&, int)>
double extreme(const PackUnit& unit, int count, bool is_highest) {
  double found = kUnknown;
  for (int i = 0; i < count; ++i) {
    const double value = kRead(unit, i);
    found = is_highest ? std::fmax(found, value) : std::fmin(found, value);
  }
  return found;
}

template <bool kIsHighest>
double extreme_cell_V(const PackUnit& unit, int /*index*/) {
  return extreme<cell_V>(unit, unit.bms_outputs.report.cell_count, kIsHighest);
}

template <bool kIsHighest>
double extreme_ntc_degC(const PackUnit& unit, int /*index*/) {
  return extreme<ntc_degC>(unit, unit.bms_outputs.report.ntc_count, kIsHighest);
}

double is_bleeding(const PackUnit& unit, int cell) {
  return static_cast<double>((unit.bms_outputs.bleeders >> cell) & 1U);
}

constexpr std::array<std::string_view, 3> kRoles{"single", "master", "member"};

double mosfet_degC(const PackUnit& unit, int /*index*/) {
  const std::int16_t ddegC = unit.bms_outputs.report.mosfet_ddegC;
  return ddegC == BMS_NTC_INVALID_DDEGC ? kUnknown : ddegC / 10.0;
}

double insulation_Ohm(const PackUnit& unit, int /*index*/) {
  const std::uint16_t kOhm = unit.bms_outputs.report.insulation_kOhm;
  return kOhm == UINT16_MAX ? kUnknown : kOhm * 1000.0;
}

template <auto kField>
double read_bank(const PackUnit& unit, int /*index*/) {
  return static_cast<double>(unit.bms_outputs.report.bank.*kField);
}

template <auto kField>
double read_bank_milli(const PackUnit& unit, int /*index*/) {
  return static_cast<double>(unit.bms_outputs.report.bank.*kField) / 1000.0;
}

constexpr auto kInputs = &PackUnit::bms_inputs;
constexpr auto kOutputs = &PackUnit::bms_outputs;
constexpr auto kRequests = &bms_report_t::requests;

constexpr std::array kBmsCellSignals{
    UnitRow{"voltage_V", Dimension::voltage, kNumber, "voltage of this cell, measured", cell_V},
    UnitRow{"bleeder", Dimension::none, kOffOn, "bleeder of this cell", is_bleeding},
};

constexpr std::array kBmsNtcSignals{
    UnitRow{"T_degC", Dimension::temperature, kNumber,
            "temperature at this thermistor, measured; unknown when open or shorted", ntc_degC},
};

constexpr std::array kBmsRuleSignals{
    UnitRow{"warning", Dimension::none, kClearActive, "warning of the rule",
            read_rule<&bms_report_t::warnings>},
    UnitRow{"limiting", Dimension::none, kClearActive, "lowered limits by the rule",
            read_rule<&bms_report_t::limitings>},
    UnitRow{"protection", Dimension::none, kClearActive, "protection of the rule",
            read_rule<&bms_report_t::protections>},
    UnitRow{"latched", Dimension::none, kNoYes, "does not clear by itself: the rule",
            read_rule<&bms_report_t::latched>},
};

constexpr std::array kBmsFailureSignals{
    UnitRow{"", Dimension::none, kClearActive, "the firmware has found the failure",
            [](const PackUnit& unit, int failure) {
              return (unit.bms_outputs.report.failures & BMS_FAILURE_BIT(failure)) != 0 ? 1.0 : 0.0;
            }},
};

constexpr std::array kBankSignals{
    UnitRow{"pack_V", Dimension::voltage, kNumber, "voltage, mean of the packs",
            read_bank_milli<&bms_bank_t::pack_mV>},
    UnitRow{"current_A", Dimension::current, kNumber, "current, sum of the packs, + charges",
            read_bank_milli<&bms_bank_t::current_mA>},
    UnitRow{"soc", Dimension::none, kNumber, "state of charge",
            read_bank_milli<&bms_bank_t::soc_permille>},
    UnitRow{"soh", Dimension::none, kNumber, "state of health",
            read_bank_milli<&bms_bank_t::soh_permille>},
    UnitRow{"cvl_V", Dimension::voltage, kNumber, "charge voltage limit",
            read_bank_milli<&bms_bank_t::cvl_mV>},
    UnitRow{"ccl_A", Dimension::current, kNumber, "charge current limit",
            read_bank_milli<&bms_bank_t::ccl_mA>},
    UnitRow{"dcl_A", Dimension::current, kNumber, "discharge current limit",
            read_bank_milli<&bms_bank_t::dcl_mA>},
    UnitRow{"remaining_Ah", Dimension::charge, kNumber, "charge left",
            read_bank_milli<&bms_bank_t::remaining_mAh>},
    UnitRow{"full_Ah", Dimension::charge, kNumber, "charge when full",
            read_bank_milli<&bms_bank_t::full_mAh>},
    UnitRow{"is_charge_allowed", Dimension::none, kNoYes, "every pack may be charged",
            read_bank<&bms_bank_t::is_charge_allowed>},
    UnitRow{"is_discharge_allowed", Dimension::none, kNoYes, "every pack may be discharged",
            read_bank<&bms_bank_t::is_discharge_allowed>},
};

constexpr std::array kBmsLedSignals{
    UnitRow{"", Dimension::none, kOffOn, "lamp of the front panel",
            [](const PackUnit& unit, int bit) {
              return (unit.bms_outputs.leds & static_cast<std::uint32_t>(bit)) != 0 ? 1.0 : 0.0;
            }},
};

void write_dip(PackUnit& unit, int /*index*/, double value) {
  unit.bms_inputs.dip = static_cast<std::uint8_t>(std::fmin(std::fmax(value, 0.0), UINT8_MAX));
}

void write_button(PackUnit& unit, int bit, double value) {
  const auto mask = static_cast<std::uint32_t>(bit);
  std::uint32_t& buttons = unit.bms_inputs.buttons;
  buttons = value != 0.0 ? buttons | mask : buttons & ~mask;
}

constexpr std::array kBmsButtonSignals{
    UnitRow{"", Dimension::none, kReleasedPressed, "button of the front panel",
            [](const PackUnit& unit, int bit) {
              const auto mask = static_cast<std::uint32_t>(bit);
              return (unit.bms_inputs.buttons & mask) != 0 ? 1.0 : 0.0;
            },
            write_button},
};

constexpr std::array kBmsCoilSignals{
    UnitRow{"", Dimension::none, kOffOn, "coil of the relay",
            [](const PackUnit& unit, int bit) {
              return (unit.bms_outputs.coils & static_cast<std::uint32_t>(bit)) != 0 ? 1.0 : 0.0;
            }},
};

constexpr std::array kBmsContactSignals{
    UnitRow{"", Dimension::none, kOpenClosed, "auxiliary contact",
            [](const PackUnit& unit, int bit) {
              return (unit.bms_inputs.contacts & static_cast<std::uint32_t>(bit)) != 0 ? 1.0 : 0.0;
            }},
};

}  // namespace

std::span<const UnitRow> bms_signals() {
  static const std::array kSignals{
      UnitRow{"state", Dimension::none, state_words(), "operating state",
              read_report<&bms_report_t::state>},
      UnitRow{"reason", Dimension::none, reason_words(), "why it changed its state last",
              read_report<&bms_report_t::reason>},
      UnitRow{"soc", Dimension::none, kNumber, "state of charge, estimated",
              read_milli<&bms_report_t::soc_permille>},
      UnitRow{"soh", Dimension::none, kNumber, "state of health, estimated",
              read_milli<&bms_report_t::soh_permille>},
      UnitRow{"current_A", Dimension::current, kNumber, "current, measured, + charges",
              read_milli<&bms_report_t::current_mA>},
      UnitRow{"pack_V", Dimension::voltage, kNumber, "sum of the measured cell voltages",
              read_milli<&bms_report_t::pack_mV>},
      UnitRow{"terminal_V", Dimension::voltage, kNumber, "voltage at the terminals, measured",
              read_milli<&bms_report_t::terminal_mV>},
      UnitRow{"cell_max_V", Dimension::voltage, kNumber, "highest cell, measured",
              extreme_cell_V<true>},
      UnitRow{"cell_min_V", Dimension::voltage, kNumber, "lowest cell, measured",
              extreme_cell_V<false>},
      UnitRow{"T_max_degC", Dimension::temperature, kNumber, "hottest thermistor, measured",
              extreme_ntc_degC<true>},
      UnitRow{"T_min_degC", Dimension::temperature, kNumber, "coldest thermistor, measured",
              extreme_ntc_degC<false>},
      UnitRow{"cvl_V", Dimension::voltage, kNumber, "charge voltage limit for the inverter",
              read_milli<&bms_report_t::cvl_mV>},
      UnitRow{"ccl_A", Dimension::current, kNumber, "charge current limit for the inverter",
              read_milli<&bms_report_t::ccl_mA>},
      UnitRow{"dcl_A", Dimension::current, kNumber, "discharge current limit for the inverter",
              read_milli<&bms_report_t::dcl_mA>},
      UnitRow{"charge_gate", Dimension::none, kOpenClosed, "drive of the charge MOSFET",
              read_field<kOutputs, &bms_outputs_t::charge_gate>},
      UnitRow{"discharge_gate", Dimension::none, kOpenClosed, "drive of the discharge MOSFET",
              read_field<kOutputs, &bms_outputs_t::discharge_gate>},
      UnitRow{"is_charge_allowed", Dimension::none, kNoYes, "the inverter may charge",
              read_report<&bms_report_t::is_charge_allowed>},
      UnitRow{"is_discharge_allowed", Dimension::none, kNoYes, "the inverter may discharge",
              read_report<&bms_report_t::is_discharge_allowed>},
      UnitRow{"force_charge", Dimension::none, kNoYes, "asks to be charged now",
              read_report_bit<kRequests, BMS_REQUEST_FORCE_CHARGE>},
      UnitRow{"force_charge2", Dimension::none, kNoYes, "asks to be charged soon",
              read_report_bit<kRequests, BMS_REQUEST_FORCE_CHARGE2>},
      UnitRow{"full_charge", Dimension::none, kNoYes, "asks to be charged to full",
              read_report_bit<kRequests, BMS_REQUEST_FULL_CHARGE>},
      UnitRow{"buzzer", Dimension::none, kOffOn, "buzzer",
              read_field<kOutputs, &bms_outputs_t::buzzer>},
      UnitRow{"hold_supply", Dimension::none, kOffOn, "the firmware holds its own supply",
              read_field<kOutputs, &bms_outputs_t::hold_supply>},
      UnitRow{"mosfet_degC", Dimension::temperature, kNumber,
              "temperature of the MOSFETs, measured; unknown when open or shorted", mosfet_degC},
      UnitRow{"insulation_Ohm", Dimension::resistance, kNumber,
              "insulation, measured; unknown when above the range", insulation_Ohm},
      UnitRow{"is_full", Dimension::none, kNoYes, "has been charged to full",
              read_report<&bms_report_t::is_full>},
      UnitRow{"cycle_count", Dimension::none, kNumber, "equivalent full cycles",
              read_report<&bms_report_t::cycle_count>},
      UnitRow{"role", Dimension::none, kRoles, "what it is on the link to other packs",
              read_report<&bms_report_t::role>},
      UnitRow{"members", Dimension::none, kNumber, "packs in the bank, this one included",
              read_report<&bms_report_t::members>},
      UnitRow{"afe_errors", Dimension::none, kNumber,
              "transfers from the AFE with a wrong checksum",
              read_field<kInputs, &bms_inputs_t::afe_errors>},
      UnitRow{"dip", Dimension::none, kNumber, "DIP switches, switch 1 is bit 0",
              read_field<kInputs, &bms_inputs_t::dip>, write_dip},
      UnitRow{"pull_downs", Dimension::none, kNumber,
              "how many sense lines carry the test current of the AFE",
              [](const PackUnit& unit, int) {
                return static_cast<double>(std::popcount(unit.bms_outputs.pull_downs));
              }},
      UnitRow{"bleeders", Dimension::none, kNumber, "how many cells are being bled",
              [](const PackUnit& unit, int) {
                return static_cast<double>(std::popcount(unit.bms_outputs.bleeders));
              }},
  };
  return kSignals;
}

std::span<const UnitRow> bms_cell_signals() {
  return kBmsCellSignals;
}
std::span<const UnitRow> bms_ntc_signals() {
  return kBmsNtcSignals;
}
std::span<const UnitRow> bms_rule_signals() {
  return kBmsRuleSignals;
}
std::span<const UnitRow> bms_failure_signals() {
  return kBmsFailureSignals;
}
std::span<const UnitRow> bms_coil_signals() {
  return kBmsCoilSignals;
}
std::span<const UnitRow> bms_contact_signals() {
  return kBmsContactSignals;
}
std::span<const UnitRow> bank_signals() {
  return kBankSignals;
}
std::span<const UnitRow> bms_led_signals() {
  return kBmsLedSignals;
}
std::span<const UnitRow> bms_button_signals() {
  return kBmsButtonSignals;
}

}  // namespace doppelpack::sim
