// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Reading values out of a YamlNode, so that a reader looks like the table it reads. Every function
// throws DataError at the place of the value.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "load/yaml_node.hpp"
#include "sim/quantity.hpp"
#include "sim/scenario.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

/// What a number must be: its dimension and the range it may lie in, both ends included.
struct Kind {
  Dimension dimension = Dimension::none;
  double lowest = -std::numeric_limits<double>::max();
  double highest = std::numeric_limits<double>::max();
};

// ---- one value ----
[[noreturn]] void refuse(const YamlNode& node, std::string_view expected);
const std::string& to_text(const YamlNode& node);
Located to_located(const YamlNode& node);
double to_number(const YamlNode& node, const Kind& kind);
std::int64_t to_whole(const YamlNode& node, std::int64_t lowest, std::int64_t highest);
bool to_yes_or_no(const YamlNode& node);
/// Position of the word among the choices.
std::size_t to_choice(const YamlNode& node, std::span<const std::string_view> choices);
/// 0 or more, at most ten years.
Time to_time(const YamlNode& node);
/// 1 ms or more, at most ten years.
Time to_period(const YamlNode& node);
/// The items of a list that must have at least `fewest`.
const std::vector<YamlNode>& to_list(const YamlNode& node, std::size_t fewest = 0);
/// A list of pairs [x, y], x rising strictly.
std::vector<std::pair<double, double>> to_table(const YamlNode& node, const Kind& x, const Kind& y,
                                                std::size_t fewest, std::size_t most);

/// A map with known keys; any other key is an error that says what is known.
class Section {
 public:
  Section(const YamlNode& node, std::span<const std::string_view> keys);
  Section(const YamlNode& node, std::initializer_list<std::string_view> keys)
      : Section(node, std::span(keys.begin(), keys.size())) {}

  const YamlNode& node() const { return *node_; }
  bool has(std::string_view key) const { return node_->find(key) != nullptr; }
  const YamlNode* find(std::string_view key) const { return node_->find(key); }
  const YamlNode& at(std::string_view key) const;  ///< it must be there
  Section section(std::string_view key, std::span<const std::string_view> keys) const {
    return {at(key), keys};
  }
  Section section(std::string_view key, std::initializer_list<std::string_view> keys) const {
    return {at(key), keys};
  }

  std::string text(std::string_view key) const { return to_text(at(key)); }
  double number(std::string_view key, const Kind& kind) const { return to_number(at(key), kind); }
  double number(std::string_view key, const Kind& kind, double otherwise) const;
  Time time(std::string_view key) const { return to_time(at(key)); }
  Time time(std::string_view key, Time otherwise) const;
  Time period(std::string_view key) const { return to_period(at(key)); }
  /// No when the key is absent.
  bool yes(std::string_view key) const { return has(key) && to_yes_or_no(at(key)); }

  /// The value of `key` had to be more than that of `other`.
  [[noreturn]] void refuse_not_above(std::string_view key, std::string_view other) const {
    refuse(at(key), "more than " + std::string(other) + ", " + text(other));
  }

 private:
  const YamlNode* node_;
};

/// Checks "product: generic-16s": the key is present and equals the file's name.
std::string read_key(const Section& file_section, std::string_view kind);

}  // namespace doppelpack::sim
