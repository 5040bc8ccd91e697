// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "load/bms_parts.hpp"

namespace doppelpack::sim {

namespace {

constexpr Kind kTime{Dimension::time, 0.0, 1e6};
constexpr Kind kFewMillivolts{Dimension::voltage, 0.0, 10.0};
constexpr Kind kVoltage{Dimension::voltage, 0.0, 1000.0};
constexpr Kind kWarmth{Dimension::temperature_difference, 0.0, 1000.0};
constexpr Kind kCurrent{Dimension::current, 0.0, 2000.0};
constexpr Kind kPath{Dimension::resistance, 0.0, 1.0};
constexpr Kind kLoss{Dimension::square_current_time, 0.0, 1e9};
constexpr Kind kCount{Dimension::none, 0.0, 1e6};

using Diagnosis = bms_diagnosis_config_t;

struct Row {
  std::string_view key;
  Kind kind;
  double counts;  // of firmware, per unit of the kind
  void (*set)(Diagnosis&, double counts);
};

template <auto kField>
void set(Diagnosis& diagnosis, double counts) {
  using Field = std::remove_reference_t<decltype(diagnosis.*kField)>;
  diagnosis.*kField = static_cast<Field>(std::llround(counts));
}

constexpr std::array kRows{
    Row{"wire_period", kTime, 1000, set<&Diagnosis::wire_period_ms>},
    Row{"wire_collapse", kFewMillivolts, 1000, set<&Diagnosis::wire_collapse_mV>},
    Row{"wire_low", kFewMillivolts, 1000, set<&Diagnosis::wire_low_mV>},
    Row{"wire_high", kFewMillivolts, 1000, set<&Diagnosis::wire_high_mV>},
    Row{"cell_move", kFewMillivolts, 1000, set<&Diagnosis::cell_move_mV>},
    Row{"cell_still", kFewMillivolts, 1000, set<&Diagnosis::cell_still_mV>},
    Row{"cell_window", kTime, 1000, set<&Diagnosis::cell_window_ms>},
    Row{"sum_tolerance", kVoltage, 1000, set<&Diagnosis::sum_tolerance_mV>},
    Row{"ntc_drift", kWarmth, 10, set<&Diagnosis::ntc_drift_ddegC>},
    Row{"ntc_move", kWarmth, 10, set<&Diagnosis::ntc_move_ddegC>},
    Row{"ntc_still", kWarmth, 10, set<&Diagnosis::ntc_still_ddegC>},
    Row{"ntc_heat", kLoss, 1, set<&Diagnosis::ntc_heat_A2s>},
    Row{"ntc_heat_within", kTime, 1000, set<&Diagnosis::ntc_heat_ms>},
    Row{"ntc_rest", kTime, 1000, set<&Diagnosis::ntc_rest_ms>},
    Row{"shunt_step", kVoltage, 1000, set<&Diagnosis::shunt_step_mV>},
    Row{"shunt_still", kCurrent, 1000, set<&Diagnosis::shunt_still_mA>},
    Row{"shunt_offset", kCurrent, 1000, set<&Diagnosis::shunt_offset_mA>},
    Row{"mosfet_current", kCurrent, 1000, set<&Diagnosis::mosfet_mA>},
    Row{"mosfet_diode", kVoltage, 1000, set<&Diagnosis::mosfet_diode_mV>},
    Row{"mosfet_block", kVoltage, 1000, set<&Diagnosis::mosfet_block_mV>},
    Row{"path", kPath, 1e6, set<&Diagnosis::path_uOhm>},
    Row{"afe_current", kTime, 1000, set<&Diagnosis::afe_current_ms>},
    Row{"afe_cells", kTime, 1000, set<&Diagnosis::afe_cells_ms>},
    Row{"afe_ntcs", kTime, 1000, set<&Diagnosis::afe_ntcs_ms>},
    Row{"afe_errors", kCount, 1, set<&Diagnosis::afe_errors>},
    Row{"afe_window", kTime, 1000, set<&Diagnosis::afe_window_ms>},
    Row{"limit_tolerance", kCurrent, 1000, set<&Diagnosis::limit_tolerance_mA>},
    Row{"limit_share", kRatio, 1000, set<&Diagnosis::limit_tolerance_permille>},
    Row{"limit_reaction", kTime, 1000, set<&Diagnosis::limit_reaction_ms>},
    Row{"clock_window", kTime, 1000, set<&Diagnosis::clock_window_ms>},
    Row{"clock_tolerance", kTime, 1000, set<&Diagnosis::clock_tolerance_ms>},
    Row{"task", kTime, 1e6, set<&Diagnosis::task_us>},
};

}  // namespace

bms_diagnosis_config_t read_diagnosis(const YamlNode* node) {
  bms_diagnosis_config_t diagnosis = BMS_DIAGNOSIS_DEFAULTS;
  if (node == nullptr) return diagnosis;
  std::array<std::string_view, kRows.size()> keys;
  std::transform(kRows.begin(), kRows.end(), keys.begin(), [](const Row& row) { return row.key; });
  const Section section(*node, keys);
  for (const Row& row : kRows)
    if (section.has(row.key)) row.set(diagnosis, section.number(row.key, row.kind) * row.counts);
  return diagnosis;
}

}  // namespace doppelpack::sim
