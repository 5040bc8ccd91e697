// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// A bench with a pack on it, as simple as a diagnosis allows: cells behind resistances, lines that answer to pull-downs,
// dividers, noise, an AFE that scans, and everything about it that can break.
#pragma once

#include <array>

#include "bench.hpp"

namespace bms_test {

class Pack : public Bench {
 public:
  static constexpr std::size_t kCells = 16;
  std::array<double, kCells> cell_mV;  // at rest
  double resistance_mOhm = 1;          // of a cell
  double current_A = 0;
  double noise_mV = 0.5;  // of a cell, largest; of the current: as many counts
  std::array<double, 4> ntc_degC = {25, 25.5, 24.5, 25};

  uint32_t open_lines = 0;  // bit k: line k, from 1
  bool is_settled = false;  // leakage has taken them to the line below
  int stuck_cell = -1;      // its reading stays
  bool is_shunt_stuck = false;
  int32_t shunt_offset_mA = 0;
  int32_t terminal_mV = INT32_MIN;  // of its own; otherwise the stack's
  int32_t divider_error_mV = 0;
  uint32_t silent = 0;  // groups that are not converted any more

  Pack() {
    cell_mV.fill(3300);
    for (auto& row : config.rules) {
      row.warning.is_enabled = false;
      row.protection.is_enabled = false;
    }
  }

  void enable(bms_failure_t failure, uint32_t delay_ms = 1000) {
    config.failures[failure] = {true, false, BMS_LATCH_BUTTON, BMS_OPENS_ALL_PATHS, delay_ms};
  }
  void enable_all() {
    for (int i = 0; i < BMS_FAILURE_COUNT; ++i) enable(static_cast<bms_failure_t>(i));
    config.failures[BMS_FAILURE_TASK].delay_ms = 0;
  }

  void power() {
    ASSERT_EQ(power_up().error, BMS_OK);
    ms_ = 0;
    pulled_before_ = 0;
    run(100);
    ASSERT_TRUE(are_gates(true, true));
  }
  void run(uint64_t duration_ms) {
    for (uint64_t i = 0; i < duration_ms; ++i) tick();
  }
  bool finds_within(bms_failure_t failure, uint64_t limit_ms) {
    for (uint64_t i = 0; i < limit_ms && !has_failed(failure); ++i) tick();
    return has_failed(failure);
  }
  // A load that comes and goes.
  void cycle_load(double high_A, int times, uint64_t half_ms = 1500) {
    for (int i = 0; i < times; ++i) {
      current_A = i % 2 ? 0 : high_A;
      run(half_ms);
    }
  }

 private:
  void tick() {
    ++ms_;
    in.rtc_ms += 1;
    in.fresh = BMS_FRESH_CURRENT;
    if (!is_shunt_stuck)
      in.shunt_adc =
          static_cast<int32_t>(std::lround(current_A * 1000 + noise())) + shunt_offset_mA;
    if (ms_ % 20 == 0) convert_cells();
    if (ms_ % 100 == 0) convert_ntcs();
    in.fresh &= ~silent;
    step();
  }

  // Half of the channels were converted before the pins changed last.
  void convert_cells() {
    in.fresh |= BMS_FRESH_CELLS;
    double stack_mV = 0;
    for (std::size_t i = 0; i < kCells; ++i) {
      const uint64_t pulled = i < kCells / 2 ? pulled_before_ : out.pull_downs;
      const double reading_mV = line_mV(i + 1, pulled) - line_mV(i, pulled) + noise();
      if (stuck_cell != static_cast<int>(i))
        in.cell_adc[i] =
            static_cast<uint16_t>(std::lround(std::clamp(reading_mV * 10, 0.0, 65535.0)));
      stack_mV += tap_mV(i);
    }
    pulled_before_ = out.pull_downs;
    in.pack_adc = static_cast<uint16_t>(std::lround(stack_mV) + divider_error_mV);
    in.terminal_adc = terminal_mV == INT32_MIN ? static_cast<uint16_t>(std::lround(stack_mV))
                                               : static_cast<uint16_t>(terminal_mV);
  }
  double tap_mV(std::size_t cell) const { return cell_mV[cell] + current_A * resistance_mOhm; }
  // An open line is held by its capacitor at the cells' first voltage until something pulls it.
  double line_mV(std::size_t line, uint64_t pulled) {
    double mV = 0;
    for (std::size_t i = 0; i < line; ++i) mV += tap_mV(i);
    const bool is_pulled = (pulled >> line & 1) != 0;
    if (open_lines >> line & 1) {
      const double below_mV = line == 0 ? 0 : mV - tap_mV(line - 1);
      return is_pulled || is_settled ? below_mV : mV;
    }
    return is_pulled ? mV - 100 : mV;
  }
  void convert_ntcs() {
    in.fresh |= BMS_FRESH_NTCS;
    for (std::size_t i = 0; i < ntc_degC.size(); ++i)
      if (ntc_degC[i] < 1000) set_ntc_degC(i, ntc_degC[i] + noise() / 50);
  }
  double noise() {
    seed_ = seed_ * 6364136223846793005u + 1442695040888963407u;
    return (static_cast<double>(seed_ >> 40) / (1 << 23) - 1) * noise_mV;
  }

  uint64_t ms_ = 0;
  uint64_t pulled_before_ = 0;
  uint64_t seed_ = 1;
};

}  // namespace bms_test
