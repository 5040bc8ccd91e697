// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <array>

#include "load/quoted.hpp"
#include "load/scenario_parts.hpp"
#include "load/section.hpp"

namespace doppelpack::sim {

namespace {

// In the order of ExpectationKind.
constexpr std::array<std::string_view, 5> kKinds{"within", "never", "always", "by", "at_end"};

ExpectationKind find_kind(const Section& section) {
  std::size_t kind = 0;
  int found = 0;
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (!section.has(kKinds[i])) continue;
    kind = i;
    ++found;
  }
  if (found == 1) return static_cast<ExpectationKind>(kind);
  throw DataError(section.node().where,
                  "found " + std::to_string(found) +
                      " of the keys that say what is expected, expected one of " +
                      alternatives(kKinds));
}

// The keys of the other kinds are errors that name the kind.
Section narrow(const YamlNode& node, ExpectationKind kind) {
  switch (kind) {
    case ExpectationKind::within:
      return {node, {"name", "within", "of", "that"}};
    case ExpectationKind::never:
      return {node, {"name", "never", "after"}};
    case ExpectationKind::always:
      return {node, {"name", "always", "after"}};
    case ExpectationKind::by:
      return {node, {"name", "by", "that"}};
    case ExpectationKind::at_end:
      return {node, {"name", "at_end"}};
  }
  throw DataError(node.where, "found an unknown kind of expectation");
}

Expectation read_expectation(const YamlNode& node) {
  const Section wide(node,
                     {"name", "within", "of", "that", "never", "always", "after", "by", "at_end"});
  Expectation expectation;
  expectation.kind = find_kind(wide);
  expectation.where = node.where;
  const Section section = narrow(node, expectation.kind);
  const std::string_view key = kKinds[static_cast<std::size_t>(expectation.kind)];
  if (expectation.kind == ExpectationKind::within || expectation.kind == ExpectationKind::by) {
    expectation.limit_ns = section.time(key);
    expectation.that = to_located(section.at("that"));
  } else {
    expectation.that = to_located(section.at(key));
  }
  if (expectation.kind == ExpectationKind::within) expectation.of = to_located(section.at("of"));
  if (section.has("after")) expectation.after_ns = section.time("after");
  expectation.name =
      section.has("name") ? section.text("name") : std::string(key) + " " + expectation.that.text;
  return expectation;
}

}  // namespace

std::vector<Expectation> read_expectations(const YamlNode& node) {
  std::vector<Expectation> expectations;
  for (const YamlNode& expectation : to_list(node))
    expectations.push_back(read_expectation(expectation));
  return expectations;
}

}  // namespace doppelpack::sim
