// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/event_log.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>

#include "record/sha256.hpp"

namespace doppelpack::sim {

namespace {

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string json_value(const EventValue& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::string>) return json_string(held);
        if constexpr (std::is_same_v<Held, double>) {
          if (!std::isfinite(held)) return "null";
        }
        return fmt::format("{}", held);
      },
      value);
}

std::string json_line(const Event& event) {
  std::string line = fmt::format("{{\"t_ns\":{},\"event\":{}", event.t_ns, json_string(event.kind));
  for (const auto& [key, value] : event.fields) {
    line += fmt::format(",{}:{}", json_string(key), json_value(value));
  }
  return line + "}\n";
}

}  // namespace

struct EventLog::Sink {
  std::vector<Event> events;
  Sha256 digest;
  LineTaker taker;
};

EventLog::EventLog() : sink_(std::make_unique<Sink>()) {}

EventLog::~EventLog() = default;

void EventLog::write_to(LineTaker taker) {
  sink_->taker = std::move(taker);
  for (const Event& event : sink_->events) sink_->taker(event.t_ns, json_line(event));
}

void EventLog::add(Time t_ns, std::string_view kind, std::initializer_list<EventField> fields) {
  add({t_ns, std::string(kind), {fields.begin(), fields.end()}});
}

void EventLog::add(Event event) {
  const std::string line = json_line(event);
  sink_->digest.add(line);
  const Time t_ns = event.t_ns;
  sink_->events.push_back(std::move(event));
  if (sink_->taker) sink_->taker(t_ns, line);
}

const std::vector<Event>& EventLog::events() const {
  return sink_->events;
}

std::string EventLog::sha256() const {
  return sink_->digest.hex();
}

}  // namespace doppelpack::sim
