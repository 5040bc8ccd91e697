// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Reports at random over the full range of their fields, and what every CAN protocol makes of them,
// one JSON object a line: for tests/python/test_dbc.py, which reads the frames by the DBC files.

#include <array>
#include <cstdio>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "can_emulator/can_protocol.hpp"
#include "sample_report.hpp"

namespace doppelpack::can_emulator {
namespace {

using Random = std::mt19937;

// A number of any size, the extremes and small ones more often than by chance.
template <typename Number>
void draw(Random& random, Number& number) {
  const std::uint32_t shift = random() % (8 * sizeof(Number));
  number = static_cast<Number>(static_cast<std::uint32_t>(random()) >> shift);
  if (random() % 16 == 0) number = std::numeric_limits<Number>::max();
  if (random() % 16 == 0) number = std::numeric_limits<Number>::min();
}

bms_report_t draw_report(Random& random) {
  bms_report_t report = sample_report();
  report.cell_count = static_cast<std::uint8_t>(1 + random() % BMS_MAX_CELLS);
  report.ntc_count = static_cast<std::uint8_t>(1 + random() % BMS_MAX_NTCS);
  for (std::uint16_t& cell_mV : report.cell_mV) draw(random, cell_mV);
  for (std::int16_t& ntc_ddegC : report.ntc_ddegC) {
    do draw(random, ntc_ddegC);
    while (ntc_ddegC == BMS_NTC_INVALID_DDEGC);
  }
  for (std::uint32_t* number :
       {&report.pack_mV, &report.cvl_mV, &report.ccl_mA, &report.dcl_mA, &report.remaining_mAh,
        &report.full_mAh, &report.discharge_voltage_limit_mV})
    draw(random, *number);
  for (std::uint16_t* number : {&report.soc_permille, &report.soh_permille, &report.cycle_count})
    draw(random, *number);
  draw(random, report.current_mA);
  report.is_charge_allowed = random() % 2 == 0;
  report.is_discharge_allowed = random() % 2 == 0;
  return report;
}

// The protocol's options in a random dialect, except `talk`, so that every protocol says something.
Choices draw_dialect(Random& random, const CanProtocol& protocol) {
  Choices choices{};
  for (std::size_t i = 0; i < protocol.options.size(); ++i) {
    if (protocol.options[i].key == "talk") continue;
    choices[i] = static_cast<std::uint8_t>(random() % protocol.options[i].choices.size());
  }
  return choices;
}

std::string quoted(std::string_view text) {
  return '"' + std::string(text) + '"';
}

template <typename Number>
std::string list(const Number* numbers, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? "," : "") + std::to_string(numbers[i]);
  return '[' + text + ']';
}

std::string frame_text(const CanFrame& frame) {
  std::string data;
  for (std::size_t i = 0; i < frame.dlc; ++i) {
    std::array<char, 3> hex{};
    std::snprintf(hex.data(), hex.size(), "%02X", frame.data[i]);
    data += hex.data();
  }
  return '[' + std::to_string(frame.id) + ',' + (frame.is_extended ? "true" : "false") + ',' +
         quoted(data) + ']';
}

std::string frames_text(const CanProtocol& protocol, const bms_report_t& report,
                        const BatteryIdentity& identity) {
  std::vector<CanFrame> frames;
  for (const PeriodicFrame& periodic : protocol.periodic)
    if (const auto frame = periodic.encode(report, identity)) frames.push_back(*frame);
  if (protocol.respond != nullptr) {
    CanFrame question = protocol.encode_heartbeat();
    constexpr std::array<std::uint8_t, 2> kKinds{0, 2};
    for (const std::uint8_t kind : kKinds) {
      if (protocol.periodic.size() > 1) break;  // its answers are its broadcasts
      question.data[0] = kind;
      for (const CanFrame& frame : protocol.respond(question, report, identity))
        frames.push_back(frame);
    }
  }
  std::string text;
  for (const CanFrame& frame : frames) text += (text.empty() ? "" : ",") + frame_text(frame);
  return '[' + text + ']';
}

void print_sample(const CanProtocol& protocol, Random& random) {
  const bms_report_t report = draw_report(random);
  BatteryIdentity identity;
  identity.can_choices = draw_dialect(random, protocol);
  std::string text = "{\"protocol\":" + quoted(protocol.key) + ",\"dialect\":{";
  for (std::size_t i = 0; i < protocol.options.size(); ++i) {
    const ProtocolOption& option = protocol.options[i];
    text += (i > 0 ? "," : "") + quoted(option.key) + ':' +
            quoted(option.choices[identity.can_choices[i]]);
  }
  text += "},\"frames\":" + frames_text(protocol, report, identity);
  const auto add = [&](std::string_view name, auto number) {
    text += ',' + quoted(name) + ':' + std::to_string(number);
  };
  add("pack_mV", report.pack_mV);
  add("current_mA", report.current_mA);
  add("soc_permille", report.soc_permille);
  add("soh_permille", report.soh_permille);
  add("cvl_mV", report.cvl_mV);
  add("dvl_mV", report.discharge_voltage_limit_mV);
  add("ccl_mA", report.ccl_mA);
  add("dcl_mA", report.dcl_mA);
  add("remaining_mAh", report.remaining_mAh);
  add("full_mAh", report.full_mAh);
  add("cycle_count", report.cycle_count);
  add("charge_allowed", int{report.is_charge_allowed});
  add("discharge_allowed", int{report.is_discharge_allowed});
  text += ",\"cell_mV\":" + list(report.cell_mV, report.cell_count);
  text += ",\"ntc_ddegC\":" + list(report.ntc_ddegC, report.ntc_count) + '}';
  std::puts(text.c_str());
}

}  // namespace
}  // namespace doppelpack::can_emulator

int main() {
  using namespace doppelpack::can_emulator;
  constexpr int kSamples = 300;  // of each protocol
  Random random(1);
  for (const CanProtocol* protocol : can_protocols())
    for (int i = 0; i < kSamples; ++i) print_sample(*protocol, random);
}
