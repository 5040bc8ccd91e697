// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "bms/bms.h"
#include "load/data_folder.hpp"
#include "load/overrides.hpp"
#include "load/scenario_parts.hpp"
#include "load/section.hpp"
#include "sim/load.hpp"

namespace doppelpack::sim {

namespace {

namespace fs = std::filesystem;

Product read_product(const Section& file, const fs::path& data_folder) {
  const fs::path product = locate(file.at("product"), kProducts, data_folder);
  return load_product(fs::absolute(product).string(), data_folder);
}

RecordPlan read_record(const Section& section) {
  RecordPlan record;
  if (section.has("period")) record.period_ns = section.period("period");
  if (const YamlNode* signals = section.find("signals"))
    for (const YamlNode& signal : to_list(*signals)) record.signals.push_back(to_located(signal));
  return record;
}

// What another version has left in the flash: the same parameters under another number.
void flash(const InitialState& initial, Product& product) {
  if (!initial.firmware) return;
  product.bms.firmware_version = *initial.firmware;
  bms_core()->seal(&product.bms);
}

Companion read_companion(const YamlNode& node, const Product& first, const fs::path& data_folder) {
  const Section section(node, {"product", "initial"});
  Companion companion{section.has("product") ? read_product(section, data_folder) : first, {}};
  if (const YamlNode* initial = section.find("initial"))
    companion.initial = read_initial(*initial, companion.product.pack);
  flash(companion.initial, companion.product);
  return companion;
}

void read_packs(const Section& section, const fs::path& data_folder, Scenario& scenario) {
  for (const YamlNode& pack : to_list(section.at("packs"), 1))
    scenario.companions.push_back(read_companion(pack, scenario.product, data_folder));
  const std::size_t count = 1 + scenario.companions.size();
  if (count > BMS_MAX_PACKS)
    refuse(section.at("packs"), fmt::format("at most {} beside the first", BMS_MAX_PACKS - 1));
  if (!section.has("stacked")) return;
  scenario.stacked = static_cast<int>(to_whole(section.at("stacked"), 1, BMS_MAX_PACKS));
  if (count % static_cast<std::size_t>(scenario.stacked) != 0)
    refuse(section.at("stacked"), fmt::format("a divisor of the {} packs", count));
}

bool is_row(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == 0 || dash == std::string_view::npos || dash + 1 == text.size()) return false;
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_sign = [&](char c) {
    return is_capital(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  const std::string_view number = text.substr(dash + 1);
  return std::all_of(text.begin(), text.begin() + dash, is_capital) &&
         std::all_of(number.begin(), number.end(), is_sign);
}

std::vector<std::string> read_rows(const YamlNode& node) {
  std::vector<std::string> rows;
  for (const YamlNode& row : to_list(node, 1)) {
    if (!is_row(to_text(row))) refuse(row, "the ID of a row of the fault matrix, such as PYL-V1");
    if (std::find(rows.begin(), rows.end(), row.text) != rows.end()) refuse(row, "each row once");
    rows.push_back(row.text);
  }
  return rows;
}

void read_parts(const Section& file, Scenario& scenario) {
  if (const YamlNode* node = file.find("initial"))
    scenario.initial = read_initial(*node, scenario.product.pack);
  if (const YamlNode* node = file.find("profiles")) scenario.profiles = read_profiles(*node);
  if (const YamlNode* node = file.find("timeline")) scenario.timeline = read_timeline(*node);
  if (const YamlNode* node = file.find("expect")) scenario.expectations = read_expectations(*node);
  if (const YamlNode* node = file.find("record"))
    scenario.record = read_record({*node, {"period", "signals"}});
}

Scenario read_scenario(const YamlNode& root, const fs::path& data_folder) {
  const Section file(root, {"scenario", "title", "row", "product", "inverter", "duration", "seed",
                            "initial", "bank", "profiles", "timeline", "expect", "record"});
  Scenario scenario;
  scenario.key = read_key(file, "scenario");
  scenario.title = file.text("title");
  if (const YamlNode* node = file.find("row")) scenario.rows = read_rows(*node);
  scenario.file = root.where.file;
  scenario.sha256 = digest_of(root);
  scenario.duration_ns = file.period("duration");
  if (const YamlNode* seed = file.find("seed"))
    scenario.seed =
        static_cast<std::uint64_t>(to_whole(*seed, 0, std::numeric_limits<std::int64_t>::max()));
  scenario.product = read_product(file, data_folder);
  read_parts(file, scenario);
  if (const YamlNode* bank = file.find("bank"))
    read_packs({*bank, {"packs", "stacked"}}, data_folder, scenario);
  flash(scenario.initial, scenario.product);  // of the first pack alone: the others began as copies
  scenario.inverter = read_inverter(file, data_folder);
  check_link(file, scenario.inverter, scenario.product);
  return scenario;
}

}  // namespace

InverterDesign read_inverter(const Section& section, const fs::path& data_folder) {
  constexpr std::string_view kDefaultInverter = "hybrid-5k";
  const YamlNode* node = section.find("inverter");
  if (node == nullptr) return load_inverter(kDefaultInverter, data_folder);
  return load_inverter(fs::absolute(locate(*node, kInverters, data_folder)).string(), data_folder);
}

void check_link(const Section& section, const InverterDesign& inverter, const Product& product) {
  const bool is_can = inverter.link == InverterLink::can;
  if (is_can ? product.can != nullptr : product.rs485 != nullptr) return;
  const YamlNode* node = section.find("inverter");
  throw DataError(node != nullptr ? node->where : section.node().where,
                  std::string("found an inverter that talks ") + (is_can ? "CAN" : "RS485") +
                      ", expected a bus of the product '" + product.key + "'");
}

Scenario load_scenario(std::string_view key_or_file, const fs::path& data_folder,
                       std::span<const Override> overrides) {
  YamlNode root = read_yaml(locate(key_or_file, kScenarios, "", data_folder, {}));
  apply(overrides, root);
  Scenario scenario = read_scenario(root, data_folder);
  check_texts(scenario);
  return scenario;
}

}  // namespace doppelpack::sim
