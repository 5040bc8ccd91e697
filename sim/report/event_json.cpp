// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "report/event_json.hpp"

#include <nlohmann/json.hpp>

namespace doppelpack::sim {

nlohmann::ordered_json describe_event(const Event& event) {
  nlohmann::ordered_json json{{"t_s", to_seconds(event.t_ns)}, {"event", event.kind}};
  for (const auto& [name, value] : event.fields)
    std::visit([&json, &key = name](const auto& known) { json[key] = known; }, value);
  return json;
}

}  // namespace doppelpack::sim
