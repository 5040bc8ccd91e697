// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <array>

#include "load/quoted.hpp"
#include "load/scenario_parts.hpp"
#include "load/section.hpp"

namespace doppelpack::sim {

namespace {

// In the order of Proof.
constexpr std::array<std::string_view, 7> kProofs{"warning", "detection", "reaction", "panel",
                                                  "bus",     "recovery",  "latch"};

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
      return {node, {"name", "proves", "within", "of", "that"}};
    case ExpectationKind::never:
      return {node, {"name", "proves", "never", "after"}};
    case ExpectationKind::always:
      return {node, {"name", "proves", "always", "after"}};
    case ExpectationKind::by:
      return {node, {"name", "proves", "by", "that"}};
    case ExpectationKind::at_end:
      return {node, {"name", "proves", "at_end"}};
  }
  throw DataError(node.where, "found an unknown kind of expectation");
}

// Detection and reaction are times since the cause.
std::optional<Proof> read_proof(const Section& section, ExpectationKind kind) {
  const YamlNode* node = section.find("proves");
  if (node == nullptr) return std::nullopt;
  const auto proof = static_cast<Proof>(to_choice(*node, kProofs));
  const bool is_timed = proof == Proof::detection || proof == Proof::reaction;
  if (is_timed && kind != ExpectationKind::within)
    refuse(*node, "this only of an expectation that holds within a time of something");
  return proof;
}

Expectation read_expectation(const YamlNode& node) {
  const Section wide(
      node, {"name", "proves", "within", "of", "that", "never", "always", "after", "by", "at_end"});
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
  expectation.proves = read_proof(section, expectation.kind);
  if (section.has("after")) expectation.after_ns = section.time("after");
  expectation.name =
      section.has("name") ? section.text("name") : std::string(key) + " " + expectation.that.text;
  return expectation;
}

}  // namespace

std::string_view word_of(Proof proof) {
  return kProofs[static_cast<std::size_t>(proof)];
}

std::vector<Expectation> read_expectations(const YamlNode& node) {
  std::vector<Expectation> expectations;
  for (const YamlNode& expectation : to_list(node))
    expectations.push_back(read_expectation(expectation));
  return expectations;
}

}  // namespace doppelpack::sim
