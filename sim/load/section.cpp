// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "load/section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "load/quoted.hpp"

namespace doppelpack::sim {

namespace {

constexpr double kLongest_s = 10.0 * 366 * 86400;

// "2 V to 4 V", "at least 0 s": the range in the dimension's base unit.
std::string range_text(const Kind& kind) {
  constexpr double kUnbounded = std::numeric_limits<double>::max();
  const std::string unit =
      unit_of(kind.dimension).empty() ? "" : " " + std::string(unit_of(kind.dimension));
  if (kind.highest == kUnbounded) return fmt::format("at least {:.6g}{}", kind.lowest, unit);
  const std::string_view hint = kind.dimension == Dimension::none ? " (or in %)" : "";
  return fmt::format("{:.6g}{} to {:.6g}{}{}", kind.lowest, unit, kind.highest, unit, hint);
}

Time to_time_between(const YamlNode& node, double lowest_s, std::string_view lowest) {
  const double time_s = to_number(node, {Dimension::time});
  if (time_s < lowest_s || time_s > kLongest_s) refuse(node, fmt::format("{} to 10 years", lowest));
  return static_cast<Time>(std::llround(time_s * 1e9));
}

void check_keys(const YamlNode& node, std::span<const std::string_view> known) {
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& key = node.keys[i];
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    throw DataError(node.items[i].where, "found the unknown key " + quote(key) + hint(key, known) +
                                             ", expected " + (known.size() > 1 ? "one of: " : "") +
                                             fmt::format("{}", fmt::join(known, ", ")));
  }
}

}  // namespace

void refuse(const YamlNode& node, std::string_view expected) {
  throw DataError(node.where, fmt::format("found {}, expected {}", describe(node), expected));
}

const std::string& to_text(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::scalar || node.text.empty()) refuse(node, "a text");
  return node.text;
}

Located to_located(const YamlNode& node) {
  return {to_text(node), node.where};
}

double to_number(const YamlNode& node, const Kind& kind) {
  const std::string units = accepted_units(kind.dimension);
  if (node.kind != YamlNode::Kind::scalar)
    refuse(node, "one number" + (units.empty() ? "" : " in " + units));
  double value = 0.0;
  try {
    value = parse_quantity(node.text, kind.dimension);
  } catch (const std::invalid_argument& error) {
    throw DataError(node.where, error.what());
  }
  if (value < kind.lowest || value > kind.highest) refuse(node, range_text(kind));
  return value;
}

std::int64_t to_whole(const YamlNode& node, std::int64_t lowest, std::int64_t highest) {
  const std::string expected = fmt::format("a whole number, {} to {}", lowest, highest);
  if (node.kind != YamlNode::Kind::scalar) refuse(node, expected);
  std::int64_t value = 0;
  const char* const end = node.text.data() + node.text.size();
  const auto [stopped, error] = std::from_chars(node.text.data(), end, value);
  if (error != std::errc{} || stopped != end || value < lowest || value > highest)
    refuse(node, expected);
  return value;
}

bool to_yes_or_no(const YamlNode& node) {
  constexpr std::string_view kWords[]{"no", "yes", "false", "true"};
  if (node.kind != YamlNode::Kind::scalar) refuse(node, "yes or no");
  for (std::size_t i = 0; i < std::size(kWords); ++i)
    if (node.text == kWords[i]) return i % 2 == 1;
  refuse(node, "yes or no");
}

std::size_t to_choice(const YamlNode& node, std::span<const std::string_view> choices) {
  const bool is_scalar = node.kind == YamlNode::Kind::scalar;
  for (std::size_t i = 0; is_scalar && i < choices.size(); ++i)
    if (node.text == choices[i]) return i;
  const std::string known = alternatives(choices);
  throw DataError(node.where, "found " + describe(node) +
                                  (is_scalar ? hint(node.text, choices) : "") + ", expected " +
                                  (known.empty() ? "nothing: none exists" : known));
}

Time to_time(const YamlNode& node) {
  return to_time_between(node, 0.0, "0 s");
}

Time to_period(const YamlNode& node) {
  return to_time_between(node, 1e-3, "1 ms");
}

const std::vector<YamlNode>& to_list(const YamlNode& node, std::size_t fewest) {
  if (node.kind != YamlNode::Kind::list) refuse(node, "a list");
  if (node.items.size() < fewest)
    throw DataError(node.where, fmt::format("found a list of {}, expected at least {} entries",
                                            node.items.size(), fewest));
  return node.items;
}

std::vector<std::pair<double, double>> to_table(const YamlNode& node, const Kind& x, const Kind& y,
                                                std::size_t fewest, std::size_t most) {
  const std::vector<YamlNode>& rows = to_list(node, fewest);
  if (rows.size() > most)
    throw DataError(node.where, fmt::format("found a list of {}, expected at most {} entries",
                                            rows.size(), most));
  std::vector<std::pair<double, double>> table;
  for (const YamlNode& row : rows) {
    if (row.kind != YamlNode::Kind::list || row.items.size() != 2) refuse(row, "a pair [x, y]");
    table.emplace_back(to_number(row.items[0], x), to_number(row.items[1], y));
    const std::size_t i = table.size() - 1;
    if (i > 0 && table[i].first <= table[i - 1].first)
      refuse(row.items[0], "more than the entry before, " + quote(rows[i - 1].items[0].text));
  }
  return table;
}

Section::Section(const YamlNode& node, std::span<const std::string_view> keys) : node_(&node) {
  if (node.kind != YamlNode::Kind::map)
    refuse(node, fmt::format("a map with the keys {}", fmt::join(keys, ", ")));
  check_keys(node, keys);
}

const YamlNode& Section::at(std::string_view key) const {
  if (const YamlNode* found = node_->find(key)) return *found;
  SourceLocation where = node_->where;
  if (!where.field.empty()) where.field += '.';
  where.field += key;
  throw DataError(where, fmt::format("found nothing, expected the key '{}'", key));
}

double Section::number(std::string_view key, const Kind& kind, double otherwise) const {
  const YamlNode* node = find(key);
  return node != nullptr ? to_number(*node, kind) : otherwise;
}

Time Section::time(std::string_view key, Time otherwise) const {
  const YamlNode* node = find(key);
  return node != nullptr ? to_time(*node) : otherwise;
}

std::string read_key(const Section& file_section, std::string_view kind) {
  const YamlNode& node = file_section.at(kind);
  const std::string stem = std::filesystem::path(node.where.file).stem().string();
  // An override has no line, a text that was never a file has no stem.
  const bool is_free = node.where.line == 0 || stem.empty();
  if (to_text(node) != stem && !is_free) refuse(node, quote(stem) + ", the name of the file");
  return node.text;
}

}  // namespace doppelpack::sim
