// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// One program for all targets: --target=NAME says which one, --list prints their names.
#include "fuzz_wire.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <random>
#include <string_view>

#include "../can_emulator/sample_report.hpp"

namespace doppelpack::fuzz {
namespace {

void check_number(const std::optional<double>& number) {
  require(!number || std::isfinite(*number), "a number of the view is not finite");
}

void check_text(const std::optional<std::string>& text) {
  constexpr std::size_t kLongestText = 256;
  require(!text || text->size() <= kLongestText, "a text of the view is too long");
}

void check_list(const std::vector<double>& numbers) {
  constexpr std::size_t kLongestList =
      1024;  // one reply of a stack; INFO of YD/T 1363 has 2047 bytes
  require(numbers.size() <= kLongestList, "a list of the view is too long");
  require(std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); }),
          "a number in a list of the view is not finite");
}

template <class Number>
void draw(std::mt19937& random, Number& number) {
  number = static_cast<Number>(random() >> random() % (8 * sizeof number));
}

bms_report_t any_report(std::uint32_t seed) {
  std::mt19937 random(seed);
  bms_report_t report = can_emulator::sample_report();
  draw(random, report.cell_count);
  draw(random, report.ntc_count);
  for (std::uint16_t& cell_mV : report.cell_mV) draw(random, cell_mV);
  for (std::int16_t& ntc_ddegC : report.ntc_ddegC) draw(random, ntc_ddegC);
  for (std::uint32_t* number :
       {&report.uptime_ms, &report.pack_mV, &report.remaining_mAh, &report.full_mAh, &report.cvl_mV,
        &report.discharge_voltage_limit_mV, &report.ccl_mA, &report.dcl_mA, &report.requests,
        &report.warnings, &report.limitings, &report.protections, &report.latched,
        &report.terminal_mV, &report.stack_mV, &report.serial_number}) {
    draw(random, *number);
  }
  for (std::uint16_t* number : {&report.soc_permille, &report.soh_permille, &report.cycle_count,
                                &report.insulation_kOhm, &report.firmware_version}) {
    draw(random, *number);
  }
  for (std::uint8_t* number :
       {&report.address, &report.role, &report.members, &report.error_code}) {
    draw(random, *number);
  }
  draw(random, report.current_mA);
  draw(random, report.mosfet_ddegC);
  draw(random, report.failures);
  report.state = static_cast<bms_state_t>(random() % (BMS_STATE_PROTECTION + 1U));
  report.is_charge_allowed = random() % 2 == 0;
  report.is_discharge_allowed = random() % 2 == 0;
  report.is_full = random() % 2 == 0;
  return report;
}

std::vector<Target> all_targets() {
  std::vector<Target> all = can_targets();
  for (const auto more : {serial_targets, port_targets, log_targets, meter_targets}) {
    for (Target& target : more()) all.push_back(std::move(target));
  }
  return all;
}

Target chosen;

}  // namespace

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "oracle: %s\n", what);
  std::abort();
}

can_emulator::CanFrame take_frame(Input& input) {
  can_emulator::CanFrame frame;
  const std::uint32_t word = input.take_word();
  frame.is_extended = (word >> 31 & 1U) != 0;
  frame.is_remote = (word >> 30 & 1U) != 0;
  frame.id = word & (frame.is_extended ? 0x1FFF'FFFFU : 0x7FFU);
  frame.dlc = input.take_byte() % 9;
  for (std::size_t i = 0; i < frame.dlc && !frame.is_remote; ++i) frame.data[i] = input.take_byte();
  return frame;
}

bool is_possible(const can_emulator::CanFrame& frame) {
  const std::size_t used = frame.is_remote ? 0 : frame.dlc;
  return frame.id <= (frame.is_extended ? 0x1FFF'FFFFU : 0x7FFU) &&
         frame.dlc <= frame.data.size() &&
         std::all_of(frame.data.begin() + used, frame.data.end(), [](auto b) { return b == 0; });
}

void check_view(const can_emulator::BatteryView& view) {
  for (const auto& number :
       {view.cvl_V, view.discharge_voltage_limit_V, view.ccl_A, view.dcl_A, view.soc, view.soh,
        view.pack_V, view.current_A, view.T_degC, view.remaining_Ah, view.full_Ah,
        view.highest_cell_V, view.lowest_cell_V, view.hottest_degC, view.coldest_degC}) {
    check_number(number);
  }
  for (const auto& text : {view.manufacturer, view.device_name, view.barcode, view.family})
    check_text(text);
  check_list(view.cell_V);
  check_list(view.ntc_degC);
}

can_emulator::Choices take_choices(Input& input,
                                   std::span<const can_emulator::ProtocolOption> options) {
  can_emulator::Choices choices{};
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const std::uint8_t byte = input.take_byte();
    if (i < options.size())
      choices[i] = static_cast<std::uint8_t>(byte % options[i].choices.size());
  }
  return choices;
}

bms_report_t take_report(Input& input) {
  const std::uint8_t kind = input.take_byte() % 4;
  const std::uint32_t seed = input.take_word();
  if (kind == 0) return can_emulator::sample_report();
  if (kind < 3) return can_emulator::extreme_report(kind == 1);
  return any_report(seed);
}

}  // namespace doppelpack::fuzz

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr std::string_view kTarget = "--target=";
  for (const char* argument : std::span(*argv, static_cast<std::size_t>(*argc))) {
    const std::string_view word = argument;
    for (const doppelpack::fuzz::Target& target : doppelpack::fuzz::all_targets()) {
      if (word == "--list") std::puts(target.name.c_str());
      if (word.starts_with(kTarget) && word.substr(kTarget.size()) == target.name) {
        doppelpack::fuzz::chosen = target;
      }
    }
    if (word == "--list") std::exit(0);
  }
  if (!doppelpack::fuzz::chosen.run) {
    std::fputs("which target? --list names them, --target=NAME chooses one\n", stderr);
    std::exit(2);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  doppelpack::fuzz::chosen.run(doppelpack::fuzz::Input({data, size}));
  return 0;
}
