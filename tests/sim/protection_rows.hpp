// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// One row per protection: what happens to the pack, and which reading it moves across the trip.
#pragma once

#include <algorithm>
#include <cmath>
#include <ostream>

#include "bench_fixture.hpp"
#include "bms/bms.h"

namespace doppelpack::sim::test {

struct ProtectionRow {
  bms_rule_t rule;
  const char* cause;
  const char* sampled;  // what stands between the cause and the reading
  Time sampling_ns;
  double demand_W;  // of the inverter, before it happens
  void (*happen)(Bench&);
  double (*reading)(const bms_report_t&);  // in the unit of the rule's trip

  friend std::ostream& operator<<(std::ostream& stream, const ProtectionRow& self) {
    return stream << bms_rule_name(self.rule);
  }
};

// ---- what happens ----

/// At so many cells, from the third on; severity is the resistance of each busbar.
template <int kCellPeriod>
void loosen(Bench& bench, double resistance_Ohm) {
  for (int i = 0; i < kCellPeriod; ++i)
    bench.inject("loose-busbar", 3 + i, resistance_Ohm, "busbar-" + std::to_string(i));
}

template <int kOffset_K>
void drift(Bench& bench) {
  bench.inject("ntc-offset", 2, kOffset_K, "drift");
}

template <int kResistance_mOhm>
void short_terminals(Bench& bench) {
  bench.inject("terminal-short", 0, kResistance_mOhm / 1000.0, "short");
}

inline void nothing(Bench&) {}

// ---- what the firmware reads ----

inline double highest_mV(const bms_report_t& report) {
  return *std::max_element(report.cell_mV, report.cell_mV + report.cell_count);
}
inline double lowest_mV(const bms_report_t& report) {
  return *std::min_element(report.cell_mV, report.cell_mV + report.cell_count);
}
inline double spread_mV(const bms_report_t& report) {
  return highest_mV(report) - lowest_mV(report);
}
inline double pack_mV(const bms_report_t& report) {
  return report.pack_mV;
}
inline double magnitude_mA(const bms_report_t& report) {
  return std::abs(report.current_mA);
}
inline double hottest_ddegC(const bms_report_t& report) {
  return *std::max_element(report.ntc_ddegC, report.ntc_ddegC + report.ntc_count);
}
inline double coldest_ddegC(const bms_report_t& report) {
  return *std::min_element(report.ntc_ddegC, report.ntc_ddegC + report.ntc_count);
}
inline double spread_ddegC(const bms_report_t& report) {
  return hottest_ddegC(report) - coldest_ddegC(report);
}
/// A shorted one reads as no temperature; the rule takes it as the hottest there is.
inline double mosfet_ddegC(const bms_report_t& report) {
  return report.mosfet_ddegC == BMS_NTC_INVALID_DDEGC ? 1250.0 : report.mosfet_ddegC;
}
inline double insulation_kOhm(const bms_report_t& report) {
  return report.insulation_kOhm;
}
inline double soc_permille(const bms_report_t& report) {
  return report.soc_permille;
}

// ---- the table ----

inline constexpr Time kScan = 20 * kMillisecond;
inline constexpr Time kNtcPeriod = 100 * kMillisecond;
inline constexpr const char* kScanOfCells = "scan of the cells";
inline constexpr const char* kScanOfNtcs = "scan of the thermistors";
inline constexpr const char* kEveryTask = "every task";

// Negative demands discharge. 19 A per kW.
inline const ProtectionRow kProtections[]{
    {BMS_RULE_CELL_OV, "loose busbar in charge", kScanOfCells, kScan, 1000.0,
     [](Bench& bench) { loosen<1>(bench, 0.03); }, highest_mV},
    {BMS_RULE_CELL_UV, "loose busbar in discharge", kScanOfCells, kScan, -1000.0,
     [](Bench& bench) { loosen<1>(bench, 0.06); }, lowest_mV},
    {BMS_RULE_PACK_OV, "eight loose busbars in charge", kScanOfCells, kScan, 1000.0,
     [](Bench& bench) { loosen<8>(bench, 0.04); }, pack_mV},
    {BMS_RULE_PACK_UV, "eight loose busbars in discharge", kScanOfCells, kScan, -1000.0,
     [](Bench& bench) { loosen<8>(bench, 0.0775); }, pack_mV},
    {BMS_RULE_OCC, "charger set to 95 A", kEveryTask, kMillisecond, 1000.0,
     [](Bench& bench) { bench.set("inverter1/demand_W", 5200.0); }, magnitude_mA},
    {BMS_RULE_OCD, "0.4 Ohm across the terminals", kEveryTask, kMillisecond, 0.0,
     short_terminals<400>, magnitude_mA},
    {BMS_RULE_OCD2, "0.22 Ohm across the terminals", kEveryTask, kMillisecond, 0.0,
     short_terminals<220>, magnitude_mA},
    {BMS_RULE_OTC, "thermistor drifts by 40 K in charge", kScanOfNtcs, kNtcPeriod, 1000.0,
     drift<40>, hottest_ddegC},
    {BMS_RULE_OTD, "thermistor drifts by 45 K in discharge", kScanOfNtcs, kNtcPeriod, -1000.0,
     drift<45>, hottest_ddegC},
    {BMS_RULE_UTC, "thermistor drifts by -40 K in charge", kScanOfNtcs, kNtcPeriod, 1000.0,
     drift<-40>, coldest_ddegC},
    {BMS_RULE_UTD, "thermistor drifts by -60 K in discharge", kScanOfNtcs, kNtcPeriod, -1000.0,
     drift<-60>, coldest_ddegC},
    {BMS_RULE_CELL_FAILURE_HIGH, "loose busbar in charge", kScanOfCells, kScan, 1500.0,
     [](Bench& bench) { loosen<1>(bench, 0.05); }, highest_mV},
    {BMS_RULE_CELL_FAILURE_LOW, "loose busbar in discharge", kScanOfCells, kScan, -1500.0,
     [](Bench& bench) { loosen<1>(bench, 0.08); }, lowest_mV},
    {BMS_RULE_CELL_ZERO, "loose busbar in discharge", kScanOfCells, kScan, -2500.0,
     [](Bench& bench) { loosen<1>(bench, 0.1); }, lowest_mV},
    {BMS_RULE_SPREAD, "loose busbar in charge", kScanOfCells, kScan, 1000.0,
     [](Bench& bench) { loosen<1>(bench, 0.04); }, spread_mV},
    {BMS_RULE_SPREAD_FAILURE, "loose busbar in charge", kScanOfCells, kScan, 1500.0,
     [](Bench& bench) { loosen<1>(bench, 0.05); }, spread_mV},
    {BMS_RULE_T_SPREAD, "thermistor drifts by 30 K", kScanOfNtcs, kNtcPeriod, 1000.0, drift<30>,
     spread_ddegC},
    {BMS_RULE_MOSFET_OT, "thermistor of the MOSFETs shorted", kScanOfNtcs, kNtcPeriod, 1000.0,
     [](Bench& bench) { bench.inject("ntc-short", 5, std::nullopt, "short"); }, mosfet_ddegC},
    {BMS_RULE_INSULATION, "1 kOhm from P+ to earth", "insulation monitor", kSecond, 1000.0,
     [](Bench& bench) { bench.inject("insulation-fault", 0, 1000.0, "leak"); }, insulation_kOhm},
    {BMS_RULE_SOC_LOW, "discharge at 95 A to 10 %", kScanOfCells, kScan, -5000.0, nothing,
     soc_permille},
};

}  // namespace doppelpack::sim::test
