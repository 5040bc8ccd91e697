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
double read_milli(const BenchState& state, int /*index*/) {
  return static_cast<double>(state.bms_outputs.report.*kField) / 1000.0;
}

template <auto kField>
double read_report(const BenchState& state, int /*index*/) {
  return static_cast<double>(state.bms_outputs.report.*kField);
}

template <auto kField, std::uint32_t kBit>
double read_report_bit(const BenchState& state, int /*index*/) {
  return (state.bms_outputs.report.*kField & kBit) != 0 ? 1.0 : 0.0;
}

template <auto kField>
double read_rule(const BenchState& state, int rule) {
  return (state.bms_outputs.report.*kField & BMS_RULE_BIT(rule)) != 0 ? 1.0 : 0.0;
}

double cell_V(const BenchState& state, int cell) {
  return state.bms_outputs.report.cell_mV[cell] / 1000.0;
}

double ntc_degC(const BenchState& state, int ntc) {
  const std::int16_t ddegC = state.bms_outputs.report.ntc_ddegC[ntc];
  return ddegC == BMS_NTC_INVALID_DDEGC ? kUnknown : ddegC / 10.0;
}

// The extreme of the first `count` readings; unknown ones do not take part.
template <double (*kRead)(const BenchState&, int)>
double extreme(const BenchState& state, int count, bool is_highest) {
  double found = kUnknown;
  for (int i = 0; i < count; ++i) {
    const double value = kRead(state, i);
    found = is_highest ? std::fmax(found, value) : std::fmin(found, value);
  }
  return found;
}

template <bool kIsHighest>
double extreme_cell_V(const BenchState& state, int /*index*/) {
  return extreme<cell_V>(state, state.bms_outputs.report.cell_count, kIsHighest);
}

template <bool kIsHighest>
double extreme_ntc_degC(const BenchState& state, int /*index*/) {
  return extreme<ntc_degC>(state, state.bms_outputs.report.ntc_count, kIsHighest);
}

double is_bleeding(const BenchState& state, int cell) {
  return static_cast<double>((state.bms_outputs.bleeders >> cell) & 1U);
}

constexpr std::array<std::string_view, 3> kRoles{"single", "master", "member"};

double mosfet_degC(const BenchState& state, int /*index*/) {
  const std::int16_t ddegC = state.bms_outputs.report.mosfet_ddegC;
  return ddegC == BMS_NTC_INVALID_DDEGC ? kUnknown : ddegC / 10.0;
}

double insulation_Ohm(const BenchState& state, int /*index*/) {
  const std::uint16_t kOhm = state.bms_outputs.report.insulation_kOhm;
  return kOhm == UINT16_MAX ? kUnknown : kOhm * 1000.0;
}

template <auto kField>
double read_bank(const BenchState& state, int /*index*/) {
  return static_cast<double>(state.bms_outputs.report.bank.*kField);
}

template <auto kField>
double read_bank_milli(const BenchState& state, int /*index*/) {
  return static_cast<double>(state.bms_outputs.report.bank.*kField) / 1000.0;
}

constexpr auto kInputs = &BenchState::bms_inputs;
constexpr auto kOutputs = &BenchState::bms_outputs;
constexpr auto kRequests = &bms_report_t::requests;

constexpr std::array kBmsCellSignals{
    SignalRow{"voltage_V", Dimension::voltage, kNumber, "voltage of this cell, measured", cell_V},
    SignalRow{"bleeder", Dimension::none, kOffOn, "bleeder of this cell", is_bleeding},
};

constexpr std::array kBmsNtcSignals{
    SignalRow{"T_degC", Dimension::temperature, kNumber,
              "temperature at this thermistor, measured; unknown when open or shorted", ntc_degC},
};

constexpr std::array kBmsRuleSignals{
    SignalRow{"warning", Dimension::none, kClearActive, "warning of the rule",
              read_rule<&bms_report_t::warnings>},
    SignalRow{"limiting", Dimension::none, kClearActive, "lowered limits by the rule",
              read_rule<&bms_report_t::limitings>},
    SignalRow{"protection", Dimension::none, kClearActive, "protection of the rule",
              read_rule<&bms_report_t::protections>},
    SignalRow{"latched", Dimension::none, kNoYes, "does not clear by itself: the rule",
              read_rule<&bms_report_t::latched>},
};

constexpr std::array kBmsFailureSignals{
    SignalRow{"", Dimension::none, kClearActive, "the firmware has found the failure",
              [](const BenchState& state, int failure) {
                return (state.bms_outputs.report.failures & BMS_FAILURE_BIT(failure)) != 0 ? 1.0
                                                                                           : 0.0;
              }},
};

constexpr std::array kBankSignals{
    SignalRow{"pack_V", Dimension::voltage, kNumber, "voltage, mean of the packs",
              read_bank_milli<&bms_bank_t::pack_mV>},
    SignalRow{"current_A", Dimension::current, kNumber, "current, sum of the packs, + charges",
              read_bank_milli<&bms_bank_t::current_mA>},
    SignalRow{"soc", Dimension::none, kNumber, "state of charge",
              read_bank_milli<&bms_bank_t::soc_permille>},
    SignalRow{"soh", Dimension::none, kNumber, "state of health",
              read_bank_milli<&bms_bank_t::soh_permille>},
    SignalRow{"cvl_V", Dimension::voltage, kNumber, "charge voltage limit",
              read_bank_milli<&bms_bank_t::cvl_mV>},
    SignalRow{"ccl_A", Dimension::current, kNumber, "charge current limit",
              read_bank_milli<&bms_bank_t::ccl_mA>},
    SignalRow{"dcl_A", Dimension::current, kNumber, "discharge current limit",
              read_bank_milli<&bms_bank_t::dcl_mA>},
    SignalRow{"remaining_Ah", Dimension::charge, kNumber, "charge left",
              read_bank_milli<&bms_bank_t::remaining_mAh>},
    SignalRow{"full_Ah", Dimension::charge, kNumber, "charge when full",
              read_bank_milli<&bms_bank_t::full_mAh>},
    SignalRow{"is_charge_allowed", Dimension::none, kNoYes, "every pack may be charged",
              read_bank<&bms_bank_t::is_charge_allowed>},
    SignalRow{"is_discharge_allowed", Dimension::none, kNoYes, "every pack may be discharged",
              read_bank<&bms_bank_t::is_discharge_allowed>},
};

constexpr std::array kBmsLedSignals{
    SignalRow{"", Dimension::none, kOffOn, "lamp of the front panel",
              [](const BenchState& state, int bit) {
                return (state.bms_outputs.leds & static_cast<std::uint32_t>(bit)) != 0 ? 1.0 : 0.0;
              }},
};

void write_dip(BenchState& state, int /*index*/, double value) {
  state.bms_inputs.dip = static_cast<std::uint8_t>(std::fmin(std::fmax(value, 0.0), UINT8_MAX));
}

void write_button(BenchState& state, int bit, double value) {
  const auto mask = static_cast<std::uint32_t>(bit);
  std::uint32_t& buttons = state.bms_inputs.buttons;
  buttons = value != 0.0 ? buttons | mask : buttons & ~mask;
}

constexpr std::array kBmsButtonSignals{
    SignalRow{"", Dimension::none, kReleasedPressed, "button of the front panel",
              [](const BenchState& state, int bit) {
                const auto mask = static_cast<std::uint32_t>(bit);
                return (state.bms_inputs.buttons & mask) != 0 ? 1.0 : 0.0;
              },
              write_button},
};

constexpr std::array kBmsCoilSignals{
    SignalRow{"", Dimension::none, kOffOn, "coil of the relay",
              [](const BenchState& state, int bit) {
                return (state.bms_outputs.coils & static_cast<std::uint32_t>(bit)) != 0 ? 1.0 : 0.0;
              }},
};

constexpr std::array kBmsContactSignals{
    SignalRow{"", Dimension::none, kOpenClosed, "auxiliary contact",
              [](const BenchState& state, int bit) {
                return (state.bms_inputs.contacts & static_cast<std::uint32_t>(bit)) != 0 ? 1.0
                                                                                          : 0.0;
              }},
};

}  // namespace

std::span<const SignalRow> bms_signals() {
  static const std::array kSignals{
      SignalRow{"state", Dimension::none, state_words(), "operating state",
                read_report<&bms_report_t::state>},
      SignalRow{"reason", Dimension::none, reason_words(), "why it changed its state last",
                read_report<&bms_report_t::reason>},
      SignalRow{"soc", Dimension::none, kNumber, "state of charge, estimated",
                read_milli<&bms_report_t::soc_permille>},
      SignalRow{"soh", Dimension::none, kNumber, "state of health, estimated",
                read_milli<&bms_report_t::soh_permille>},
      SignalRow{"current_A", Dimension::current, kNumber, "current, measured, + charges",
                read_milli<&bms_report_t::current_mA>},
      SignalRow{"pack_V", Dimension::voltage, kNumber, "sum of the measured cell voltages",
                read_milli<&bms_report_t::pack_mV>},
      SignalRow{"terminal_V", Dimension::voltage, kNumber, "voltage at the terminals, measured",
                read_milli<&bms_report_t::terminal_mV>},
      SignalRow{"cell_max_V", Dimension::voltage, kNumber, "highest cell, measured",
                extreme_cell_V<true>},
      SignalRow{"cell_min_V", Dimension::voltage, kNumber, "lowest cell, measured",
                extreme_cell_V<false>},
      SignalRow{"T_max_degC", Dimension::temperature, kNumber, "hottest thermistor, measured",
                extreme_ntc_degC<true>},
      SignalRow{"T_min_degC", Dimension::temperature, kNumber, "coldest thermistor, measured",
                extreme_ntc_degC<false>},
      SignalRow{"cvl_V", Dimension::voltage, kNumber, "charge voltage limit for the inverter",
                read_milli<&bms_report_t::cvl_mV>},
      SignalRow{"ccl_A", Dimension::current, kNumber, "charge current limit for the inverter",
                read_milli<&bms_report_t::ccl_mA>},
      SignalRow{"dcl_A", Dimension::current, kNumber, "discharge current limit for the inverter",
                read_milli<&bms_report_t::dcl_mA>},
      SignalRow{"charge_gate", Dimension::none, kOpenClosed, "drive of the charge MOSFET",
                read_field<kOutputs, &bms_outputs_t::charge_gate>},
      SignalRow{"discharge_gate", Dimension::none, kOpenClosed, "drive of the discharge MOSFET",
                read_field<kOutputs, &bms_outputs_t::discharge_gate>},
      SignalRow{"is_charge_allowed", Dimension::none, kNoYes, "the inverter may charge",
                read_report<&bms_report_t::is_charge_allowed>},
      SignalRow{"is_discharge_allowed", Dimension::none, kNoYes, "the inverter may discharge",
                read_report<&bms_report_t::is_discharge_allowed>},
      SignalRow{"force_charge", Dimension::none, kNoYes, "asks to be charged now",
                read_report_bit<kRequests, BMS_REQUEST_FORCE_CHARGE>},
      SignalRow{"force_charge2", Dimension::none, kNoYes, "asks to be charged soon",
                read_report_bit<kRequests, BMS_REQUEST_FORCE_CHARGE2>},
      SignalRow{"full_charge", Dimension::none, kNoYes, "asks to be charged to full",
                read_report_bit<kRequests, BMS_REQUEST_FULL_CHARGE>},
      SignalRow{"buzzer", Dimension::none, kOffOn, "buzzer",
                read_field<kOutputs, &bms_outputs_t::buzzer>},
      SignalRow{"hold_supply", Dimension::none, kOffOn, "the firmware holds its own supply",
                read_field<kOutputs, &bms_outputs_t::hold_supply>},
      SignalRow{"mosfet_degC", Dimension::temperature, kNumber,
                "temperature of the MOSFETs, measured; unknown when open or shorted", mosfet_degC},
      SignalRow{"insulation_Ohm", Dimension::resistance, kNumber,
                "insulation, measured; unknown when above the range", insulation_Ohm},
      SignalRow{"is_full", Dimension::none, kNoYes, "has been charged to full",
                read_report<&bms_report_t::is_full>},
      SignalRow{"cycle_count", Dimension::none, kNumber, "equivalent full cycles",
                read_report<&bms_report_t::cycle_count>},
      SignalRow{"role", Dimension::none, kRoles, "what it is on the link to other packs",
                read_report<&bms_report_t::role>},
      SignalRow{"members", Dimension::none, kNumber, "packs in the bank, this one included",
                read_report<&bms_report_t::members>},
      SignalRow{"afe_errors", Dimension::none, kNumber,
                "transfers from the AFE with a wrong checksum",
                read_field<kInputs, &bms_inputs_t::afe_errors>},
      SignalRow{"dip", Dimension::none, kNumber, "DIP switches, switch 1 is bit 0",
                read_field<kInputs, &bms_inputs_t::dip>, write_dip},
      SignalRow{"pull_downs", Dimension::none, kNumber,
                "how many sense lines carry the test current of the AFE",
                [](const BenchState& state, int) {
                  return static_cast<double>(std::popcount(state.bms_outputs.pull_downs));
                }},
      SignalRow{"bleeders", Dimension::none, kNumber, "how many cells are being bled",
                [](const BenchState& state, int) {
                  return static_cast<double>(std::popcount(state.bms_outputs.bleeders));
                }},
  };
  return kSignals;
}

std::span<const SignalRow> bms_cell_signals() {
  return kBmsCellSignals;
}
std::span<const SignalRow> bms_ntc_signals() {
  return kBmsNtcSignals;
}
std::span<const SignalRow> bms_rule_signals() {
  return kBmsRuleSignals;
}
std::span<const SignalRow> bms_failure_signals() {
  return kBmsFailureSignals;
}
std::span<const SignalRow> bms_coil_signals() {
  return kBmsCoilSignals;
}
std::span<const SignalRow> bms_contact_signals() {
  return kBmsContactSignals;
}
std::span<const SignalRow> bank_signals() {
  return kBankSignals;
}
std::span<const SignalRow> bms_led_signals() {
  return kBmsLedSignals;
}
std::span<const SignalRow> bms_button_signals() {
  return kBmsButtonSignals;
}

}  // namespace doppelpack::sim
