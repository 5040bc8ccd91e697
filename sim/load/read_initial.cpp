// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "load/scenario_parts.hpp"
#include "load/section.hpp"

namespace doppelpack::sim {

namespace {

constexpr Kind kSoc{Dimension::none, 0.0, 1.0};
constexpr Kind kSoh{Dimension::none, 0.05, 1.0};  // models never go below 5 %
constexpr Kind kCapacity{Dimension::charge, 1.0, 2000.0};
constexpr Kind kResistance{Dimension::none, 0.1, 100.0};
constexpr Kind kSelfDischarge{Dimension::current, 0.0, 1.0};

std::optional<double> read_optional(const Section& section, std::string_view key,
                                    const Kind& kind) {
  if (!section.has(key)) return std::nullopt;
  return section.number(key, kind);
}

CellSetting read_cell(const Section& section, int cell_count) {
  CellSetting setting;
  setting.cell = static_cast<int>(to_whole(section.at("cell"), 1, cell_count)) - 1;
  setting.soc = read_optional(section, "soc", kSoc);
  setting.capacity_Ah = read_optional(section, "capacity", kCapacity);
  setting.resistance = read_optional(section, "resistance", kResistance);
  setting.self_discharge_A = read_optional(section, "self_discharge", kSelfDischarge);
  setting.soh = read_optional(section, "soh", kSoh);
  return setting;
}

std::vector<CellSetting> read_cells(const YamlNode& list, int cell_count) {
  std::vector<CellSetting> settings;
  for (const YamlNode& item : to_list(list)) {
    const Section section(item, {"cell", "soc", "capacity", "resistance", "self_discharge", "soh"});
    settings.push_back(read_cell(section, cell_count));
    for (std::size_t i = 0; i + 1 < settings.size(); ++i) {
      if (settings[i].cell != settings.back().cell) continue;
      throw DataError(section.at("cell").where,
                      fmt::format("found cell {} a second time (first on line {}), expected each "
                                  "cell once",
                                  settings[i].cell + 1, list.items[i].where.line));
    }
  }
  return settings;
}

// "1.4": major * 256 + minor; 0.0 is none.
std::uint16_t read_version(const YamlNode& node) {
  const std::string& text = to_text(node);
  unsigned major = 0;
  unsigned minor = 0;
  const char* const end = text.data() + text.size();
  const auto [dot, error] = std::from_chars(text.data(), end, major);
  const bool has_dot = error == std::errc{} && dot != end && *dot == '.';
  const auto [last, minor_error] = std::from_chars(has_dot ? dot + 1 : end, end, minor);
  const bool is_whole = has_dot && minor_error == std::errc{} && last == end;
  if (!is_whole || major > 255 || minor > 255 || major + minor == 0)
    refuse(node, "a version such as 1.4, each part at most 255");
  return static_cast<std::uint16_t>(major * 256 + minor);
}

}  // namespace

InitialState read_initial(const YamlNode& node, const PackDesign& pack) {
  constexpr std::string_view kConnection[]{"disconnected", "connected"};
  constexpr std::string_view kSwitch[]{"off", "on"};
  const Section section(node, {"soc", "soc_spread", "temperature", "bms_soc", "bms", "dip",
                               "firmware", "inverter", "cells"});
  InitialState initial;
  initial.soc = section.number("soc", kSoc, initial.soc);
  initial.soc_spread =
      section.number("soc_spread", {Dimension::none, 0.0, 0.2}, initial.soc_spread);
  initial.T_degC =
      section.number("temperature", {Dimension::temperature, -40.0, 90.0}, initial.T_degC);
  initial.bms_soc = read_optional(section, "bms_soc", kSoc);
  if (const YamlNode* connection = section.find("inverter"))
    initial.is_inverter_connected = to_choice(*connection, kConnection) == 1;
  if (const YamlNode* bms = section.find("bms")) initial.is_bms_on = to_choice(*bms, kSwitch) == 1;
  if (const YamlNode* dip = section.find("dip"))
    initial.dip = static_cast<std::uint8_t>(to_whole(*dip, 0, UINT8_MAX));
  if (const YamlNode* firmware = section.find("firmware"))
    initial.firmware = read_version(*firmware);
  if (const YamlNode* cells = section.find("cells"))
    initial.cells = read_cells(*cells, pack.cell_count());
  return initial;
}

}  // namespace doppelpack::sim
