// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "load/overrides.hpp"

#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "load/quoted.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::size_t kMostSteps = 16;
constexpr std::size_t kLongest_bytes = 1000;

// One step down: a key of a map, or a position in a list.
struct Step {
  std::string key;
  std::size_t index = 0;
  bool is_index = false;
};

SourceLocation place(const std::string& key_path) {
  return {"--set", 0, printable(key_path)};
}

[[noreturn]] void refuse_path(const std::string& key_path, const std::string& why) {
  throw DataError(place(key_path), why);
}

Step to_index(const std::string& key_path, std::string_view digits) {
  Step step{"", 0, true};
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), step.index);
  if (error != std::errc{} || end != digits.data() + digits.size())
    refuse_path(key_path,
                "found " + quote(digits) + " in brackets, expected a position such as [0]");
  return step;
}

void split_word(const std::string& key_path, std::string_view word, std::vector<Step>& steps) {
  const std::size_t bracket = word.find('[');
  const std::string_view key = word.substr(0, bracket);
  if (key.empty()) refuse_path(key_path, "found an empty key, expected a path such as initial.soc");
  steps.push_back({std::string(key), 0, false});
  std::string_view rest = bracket == std::string_view::npos ? "" : word.substr(bracket);
  while (!rest.empty()) {
    const std::size_t close = rest.find(']');
    if (rest.front() != '[' || close == std::string_view::npos)
      refuse_path(key_path, "found " + quote(rest) + ", expected a position such as [0]");
    steps.push_back(to_index(key_path, rest.substr(1, close - 1)));
    rest.remove_prefix(close + 1);
  }
}

std::vector<Step> split(const std::string& key_path) {
  std::vector<Step> steps;
  std::string_view rest = key_path;
  for (bool is_last = false; !is_last;) {
    const std::size_t dot = rest.find('.');
    is_last = dot == std::string_view::npos;
    split_word(key_path, rest.substr(0, dot), steps);
    if (steps.size() > kMostSteps) refuse_path(key_path, "found too many keys, expected fewer");
    if (!is_last) rest.remove_prefix(dot + 1);
  }
  return steps;
}

YamlNode& go(const Override& setting, YamlNode& node, const Step& step) {
  const std::string& path = setting.key_path;
  if (step.is_index) {
    if (node.kind != YamlNode::Kind::list)
      refuse_path(path, "found a position, expected one only in a list");
    if (step.index >= node.items.size())
      refuse_path(path, fmt::format("found [{}], expected less than {}, the length of the list",
                                    step.index, node.items.size()));
    return node.items[step.index];
  }
  if (node.kind == YamlNode::Kind::empty) node.kind = YamlNode::Kind::map;
  if (node.kind != YamlNode::Kind::map)
    refuse_path(path, fmt::format("found {} above '{}', expected a map", describe(node), step.key));
  for (std::size_t i = 0; i < node.keys.size(); ++i)
    if (node.keys[i] == step.key) return node.items[i];
  node.keys.push_back(step.key);
  node.items.push_back(YamlNode{YamlNode::Kind::empty, "", place(path), {}, {}});
  return node.items.back();
}

}  // namespace

void apply(std::span<const Override> overrides, YamlNode& root) {
  for (const Override& setting : overrides) {
    if (setting.key_path.size() + setting.value.size() > kLongest_bytes)
      refuse_path(setting.key_path.substr(0, 60),
                  "found a very long setting, expected a short one");
    YamlNode* node = &root;
    for (const Step& step : split(setting.key_path)) node = &go(setting, *node, step);
    if (node->kind == YamlNode::Kind::list || node->kind == YamlNode::Kind::map)
      refuse_path(setting.key_path,
                  "found " + describe(*node) + ", expected the path of a single value");
    *node = YamlNode{YamlNode::Kind::scalar, setting.value, place(setting.key_path), {}, {}};
  }
}

}  // namespace doppelpack::sim
