// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/event_tap.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

#include "report/event_json.hpp"

namespace doppelpack::http {

namespace {

using Json = nlohmann::ordered_json;

const sim::EventValue* value_of(const sim::Event& event, std::string_view key) {
  for (const auto& [name, value] : event.fields)
    if (name == key) return &value;
  return nullptr;
}

template <typename Value>
Value field(const sim::Event& event, std::string_view key, const Value& otherwise) {
  const sim::EventValue* const found = value_of(event, key);
  const Value* const value = found == nullptr ? nullptr : std::get_if<Value>(found);
  return value == nullptr ? otherwise : *value;
}

std::string event_json(std::uint64_t number, const sim::Event& event) {
  Json json{{"number", number}};
  json.update(sim::describe_event(event));
  return json.dump();
}

}  // namespace

void EventTap::take(const sim::Event& event) {
  ++now_.count;
  now_.lines.push_back(
      {now_.count, std::make_shared<const std::string>(event_json(now_.count, event))});
  if (now_.lines.size() > kMostLines) now_.lines.pop_front();
  if (event.kind != "fault") return;
  const auto id = field<std::string>(event, "id", "");
  std::erase_if(now_.faults, [&](const ActiveFault& active) { return active.id == id; });
  if (!field(event, "is_active", false)) return;
  now_.faults.push_back({id, field<std::string>(event, "fault", ""),
                         static_cast<int>(field(event, "pack", std::int64_t{1})),
                         static_cast<int>(field(event, "target", std::int64_t{0})),
                         field(event, "severity", 0.0), sim::to_seconds(event.t_ns)});
}

std::shared_ptr<const EventTail> EventTap::look(const sim::EventLog& log) {
  const std::vector<sim::Event>& events = log.events();
  if (events.size() == now_.count) return published_;
  while (now_.count < events.size()) take(events[now_.count]);
  published_ = std::make_shared<EventTail>(now_);
  return published_;
}

}  // namespace doppelpack::http
