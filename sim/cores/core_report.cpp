// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "cores/core_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "record/core_identity_json.hpp"

namespace doppelpack::sim {

namespace {

using Json = nlohmann::ordered_json;

std::string hex(std::span<const std::byte> bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::byte byte : bytes) text += fmt::format("{:02x}", std::to_integer<int>(byte));
  return text;
}

Json to_value(const CoreStep& at) {
  return {{"t_s", to_seconds(at.t_ns)}, {"step", at.number}, {"dt_us", at.dt_us}};
}

std::string text_of(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string failure_report(const CoreCall& call, FailureKind kind, const std::string& reason) {
  Json document = {{"reason", reason},
                   {"kind", name_of(kind)},
                   {"core", to_value(call.identity)},
                   {"call", call.inputs == nullptr ? "init" : "step"},
                   {"at", to_value(call.at)}};
  if (call.inputs != nullptr) {
    document["inputs"] = to_fields(*call.inputs);
    document["inputs_bytes"] = hex(std::as_bytes(std::span(call.inputs, 1)));
  }
  document["instance_bytes"] = hex(call.instance);
  return text_of(document);
}

std::string divergence_report(const CoreIdentity& first, const CoreIdentity& second,
                              std::span<const FieldDifference> differences,
                              std::span<const ComparedStep> steps, const std::string& reason) {
  Json document = {{"reason", reason},
                   {"cores", {{"a", to_value(first)}, {"b", to_value(second)}}},
                   {"at", to_value(steps.back().at)}};
  for (const FieldDifference& each : differences)
    document["differences"].push_back(
        {{"field", each.field}, {"a", each.first}, {"b", each.second}});
  for (const ComparedStep& step : steps) {
    document["steps"].push_back({{"at", to_value(step.at)},
                                 {"inputs", to_fields(step.inputs)},
                                 {"a", to_fields(step.first)},
                                 {"b", to_fields(step.second)}});
  }
  return text_of(document);
}

}  // namespace doppelpack::sim
