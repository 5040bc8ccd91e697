// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "protocols/pylontech_console_pages.hpp"

#include <array>
#include <cstdio>

#include "protocols/pylontech_rs485_info.hpp"
#include "protocols/report_summary.hpp"
#include "protocols/wire_values.hpp"

namespace doppelpack::can_emulator {
namespace {

constexpr std::size_t kModules = 16;  // rows of `pwr`, whether they are there or not

// A row of a table ends so on the device; IRE looks for it before a row.
constexpr std::string_view kRowEnd = "\r\r\n";
constexpr std::string_view kLineEnd = "\r\n";

/// A row of fixed columns: readers cut it at the columns of the header.
class Row {
 public:
  Row& put(std::string_view text, std::size_t width) {
    row_ += text;
    row_.append(text.size() < width ? width - text.size() : 1, ' ');
    return *this;
  }
  Row& put(std::int64_t value, std::size_t width) { return put(std::to_string(value), width); }
  std::string take() {
    row_.erase(row_.find_last_not_of(' ') + 1);
    return row_.append(kRowEnd);
  }

 private:
  std::string row_;
};

bool has(std::uint32_t rules, std::uint32_t any_of) {
  return (rules & any_of) != 0;
}

std::string_view base_state(const bms_report_t& report) {
  return report.current_mA > 0 ? "Charge" : report.current_mA < 0 ? "Dischg" : "Idle";
}

// The words for what is not normal are estimates after the counters of `stat`.
std::string_view level(const bms_report_t& report, std::uint32_t high, std::uint32_t low) {
  if (has(report.protections, high)) return "Over";
  if (has(report.protections, low)) return "Under";
  if (has(report.warnings, high)) return "High";
  if (has(report.warnings, low)) return "Low";
  return "Normal";
}
std::string_view pack_voltage_state(const bms_report_t& report) {
  return level(report, BMS_RULE_BIT(BMS_RULE_PACK_OV), BMS_RULE_BIT(BMS_RULE_PACK_UV));
}
std::string_view cell_voltage_state(const bms_report_t& report) {
  return level(report, BMS_RULE_BIT(BMS_RULE_CELL_OV), BMS_RULE_BIT(BMS_RULE_CELL_UV));
}
std::string_view current_state(const bms_report_t& report) {
  return level(report, BMS_RULE_BIT(BMS_RULE_OCC) | kDischargeOverCurrent, 0);
}
std::string_view temperature_state(const bms_report_t& report) {
  return level(report, kOverTemperature, kUnderTemperature);
}
std::string_view mosfet_state(const bms_report_t& report) {
  return level(report, BMS_RULE_BIT(BMS_RULE_MOSFET_OT), 0);
}

std::string percent_of(std::uint16_t permille) {
  return std::to_string(std::min<std::int64_t>(divide_nearest(permille, 10), 100)) + "%";
}

std::string mdegC(std::int64_t ddegC) {
  return ddegC == kNoSensor_ddegC || ddegC == BMS_NTC_INVALID_DDEGC ? "-"
                                                                    : std::to_string(100 * ddegC);
}

// The report has no clock: one that started at 2000-01-01 when the pack was switched on.
std::string clock_of(const bms_report_t& report) {
  const unsigned now_s = report.uptime_ms / 1000;
  const unsigned day = now_s / 86'400;  // 49 at most
  const unsigned month = day < 31 ? 1 : 2;
  char text[32];
  std::snprintf(text, sizeof text, "2000-%02u-%02u %02u:%02u:%02u", month,
                day - (month == 1 ? 0 : 31) + 1, now_s / 3600 % 24, now_s / 60 % 60, now_s % 60);
  return text;
}

std::string line(std::string_view label, std::string_view value) {
  std::string text = to_text_field(label, 20, ' ');
  return text.append(": ").append(value).append(kLineEnd);
}
std::string line(std::string_view label, std::int64_t value) {
  return line(label, std::to_string(value));
}

std::string header_row() {
  return Row()
      .put("Power", 6)
      .put("Volt", 7)
      .put("Curr", 7)
      .put("Tempr", 7)
      .put("Tlow", 7)
      .put("Thigh", 7)
      .put("Vlow", 7)
      .put("Vhigh", 7)
      .put("Base.St", 9)
      .put("Volt.St", 9)
      .put("Curr.St", 9)
      .put("Temp.St", 9)
      .put("Coulomb", 9)
      .put("Time", 21)
      .put("B.V.St", 9)
      .put("B.T.St", 9)
      .put("MosTempr", 9)
      .put("M.T.St", 9)
      .take();
}

std::string module_row(std::size_t number, const bms_report_t& report) {
  const Spread cell = cell_spread_mV(report);
  const Spread ntc = ntc_spread_ddegC(report);
  return Row()
      .put(static_cast<std::int64_t>(number), 6)
      .put(report.pack_mV, 7)
      .put(report.current_mA, 7)
      .put(mdegC(ntc.mean), 7)
      .put(mdegC(ntc.lowest), 7)
      .put(mdegC(ntc.highest), 7)
      .put(cell.lowest, 7)
      .put(cell.highest, 7)
      .put(base_state(report), 9)
      .put(pack_voltage_state(report), 9)
      .put(current_state(report), 9)
      .put(temperature_state(report), 9)
      .put(percent_of(report.soc_permille), 9)
      .put(clock_of(report), 21)
      .put(cell_voltage_state(report), 9)
      .put(temperature_state(report), 9)
      .put(mdegC(report.mosfet_ddegC), 9)
      .put(mosfet_state(report), 9)
      .take();
}

// IRE wants the word in column 55.
std::string absent_row(std::size_t number) {
  Row row;
  row.put(static_cast<std::int64_t>(number), 6);
  for (int column = 0; column < 7; ++column) row.put("-", 7);
  row.put("Absent", 9);
  for (int column = 0; column < 4; ++column) row.put("-", 9);
  row.put("-", 21);
  for (int column = 0; column < 4; ++column) row.put("-", 9);
  return row.take();
}

struct RuleName {
  bms_rule_t rule;
  std::string_view name;
};
constexpr std::array kRuleNames{
    RuleName{BMS_RULE_CELL_OV, "Bat OV"},  RuleName{BMS_RULE_CELL_UV, "Bat UV"},
    RuleName{BMS_RULE_PACK_OV, "Pwr OV"},  RuleName{BMS_RULE_PACK_UV, "Pwr UV"},
    RuleName{BMS_RULE_OCC, "COC"},         RuleName{BMS_RULE_OCD, "DOC"},
    RuleName{BMS_RULE_OCD2, "DOC2"},       RuleName{BMS_RULE_SCD, "SC"},
    RuleName{BMS_RULE_OTC, "COT"},         RuleName{BMS_RULE_OTD, "DOT"},
    RuleName{BMS_RULE_UTC, "CUT"},         RuleName{BMS_RULE_UTD, "DUT"},
    RuleName{BMS_RULE_SPREAD, "Bat DIFF"}, RuleName{BMS_RULE_MOSFET_OT, "MOS OT"},
    RuleName{BMS_RULE_SOC_LOW, "SOC Low"},
};

}  // namespace

std::string print_power_table(const Console& console) {
  std::string page = header_row();
  for (std::size_t i = 0; i < kModules; ++i) {
    const bool is_there = i < console.packs.size();
    page += is_there ? module_row(i + 1, console.packs[i]) : absent_row(i + 1);
  }
  return page;
}

std::string print_power_block(const Console& console) {
  const bms_report_t& report = console.packs[console.module - 1];
  std::string page = " ----------------------------" + std::string(kLineEnd);
  page += line("Power", static_cast<std::int64_t>(console.module));
  page += line("Voltage", std::to_string(report.pack_mV) + " mV");
  page += line("Current", std::to_string(report.current_mA) + " mA");
  page += line("Temperature", mdegC(ntc_spread_ddegC(report).mean) + " mC");
  page += line("Coulomb", percent_of(report.soc_permille));
  page += line("Total Coulomb", std::to_string(report.full_mAh) + " mAH");
  page += line("Basic Status", base_state(report));
  page += line("Volt Status", pack_voltage_state(report));
  page += line("Current Status", current_state(report));
  page += line("Tmpr. Status", temperature_state(report));
  page += line("Charge Times", report.cycle_count);
  return page;
}

std::string print_cells(const Console& console) {
  const bms_report_t& report = console.packs[console.module - 1];
  std::string page = Row()
                         .put("Battery", 9)
                         .put("Volt", 9)
                         .put("Curr", 9)
                         .put("Tempr", 9)
                         .put("Base State", 13)
                         .put("Volt. State", 13)
                         .put("Curr. State", 13)
                         .put("Temp. State", 13)
                         .put("SOC", 12)
                         .put("Coulomb", 15)
                         .put("BAL", 3)
                         .take();
  const auto cells = cells_mV(report);
  const auto ntcs = ntcs_ddegC(report);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::int64_t ntc = ntcs.empty() ? kNoSensor_ddegC : ntcs[i * ntcs.size() / cells.size()];
    page += Row()
                .put(static_cast<std::int64_t>(i), 9)
                .put(cells[i], 9)
                .put(report.current_mA, 9)
                .put(mdegC(ntc), 9)
                .put(base_state(report), 13)
                .put(cell_voltage_state(report), 13)
                .put(current_state(report), 13)
                .put(temperature_state(report), 13)
                .put(percent_of(report.soc_permille), 12)
                .put(std::to_string(report.remaining_mAh) + " mAH", 15)
                .put("N", 3)  // the report does not tell who is balanced
                .take();
  }
  return page;
}

// MLE looks the labels up by their text, the two blanks included.
std::string print_identity(const Console& console) {
  const BatteryIdentity& identity = console.identity;
  const bms_report_t& report = console.packs[console.module - 1];
  const std::string version =
      std::to_string(identity.version_major) + "." + std::to_string(identity.version_minor);
  const auto milliamperes = [](std::int64_t value) { return std::to_string(value) + "mA"; };
  std::string page;
  page += line("Device address", static_cast<std::int64_t>(console.module));
  page += line("Manufacturer", identity.manufacturer);
  page += line("Device name", identity.device_name);
  page += line("Board version", "-");
  page += line("Main Soft version", "B" + version);
  page += line("Soft  version", "V" + version);
  page += line("Boot  version", "V" + version);
  page += line("Comm version", "V" + version);
  page += line("Release Date", "-");
  page += line("Barcode", barcode_of(identity, console.module - 1));
  page += kLineEnd;
  page += line("Specification",
               "48V/" + std::to_string(divide_nearest(identity.design_mAh, 1000)) + "AH");
  page += line("Cell Number", report.cell_count);
  page +=
      line("Max Dischg Curr", milliamperes(-std::int64_t{identity.limits.discharge_current_mA}));
  page += line("Max Charge Curr", milliamperes(identity.limits.charge_current_mA));
  page += line("EPONPort rate", 1200);
  page += line("Console Port rate", 115200);
  return page;
}

// The counters of the device's life are not in the report.
std::string print_statistics(const Console& console) {
  const bms_report_t& report = console.packs[console.module - 1];
  std::string page;
  page += line("Device address", static_cast<std::int64_t>(console.module));
  page += line("CYCLE Times", report.cycle_count);
  page += line("SOH", percent_of(report.soh_permille));
  page += line("Pwr Percent", percent_of(report.soc_permille));
  page += line("Pwr Coulomb", std::to_string(report.remaining_mAh) + " mAH");
  return page;
}

std::string print_time(const Console& console) {
  return "RTC " + clock_of(console.packs.front()) + std::string(kLineEnd) + "Test result:pass" +
         std::string(kLineEnd);
}

// A device prints its past from its memory. A codec is not shown it: what is active now.
std::string print_log(const Console& console) {
  const bms_report_t& report = console.packs.front();
  std::string page;
  const auto print = [&](std::string_view name, std::string_view kind) {
    page += Row().put(clock_of(report), 21).put(name, 12).put(kind, 8).take();
  };
  for (const RuleName& row : kRuleNames) {
    if (has(report.protections, BMS_RULE_BIT(row.rule))) print(row.name, "Protect");
    if (has(report.warnings, BMS_RULE_BIT(row.rule))) print(row.name, "Alarm");
  }
  if (has_system_fault(report)) print("System", "Fault");
  return page;
}

}  // namespace doppelpack::can_emulator
