// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/frame_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>

#include "record/timing_json.hpp"
#include "sim/replay.hpp"

namespace doppelpack::http {

namespace {

using Json = nlohmann::ordered_json;

void append_number(std::string& text, double value) {
  if (std::isfinite(value))
    fmt::format_to(std::back_inserter(text), "{:.6g}", value + 0.0);
  else
    text += "null";
}

std::string hex_of(can_emulator::BytesView bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes)
    fmt::format_to(std::back_inserter(text), "{}{:02X}", text.empty() ? "" : " ", byte);
  return text;
}

// Printable characters as they are, others as a dot.
std::string plain_of(can_emulator::BytesView bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes)
    text += byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '.';
  return text;
}

Json values_of(const can_emulator::BatteryView& view) {
  Json values = Json::object();
  for (const sim::BatteryValue& value : sim::known_values(view))
    values[std::string(value.name)] = value.text;
  return values;
}

Json can_row_json(const CanRow& row, const sim::Product& product) {
  const can_emulator::CanFrame& frame = row.frame;
  Json json{{"id", fmt::format(fmt::runtime(frame.is_extended ? "{:08X}" : "{:03X}"), frame.id)},
            {"is_from_pack", row.is_from_pack},
            {"t_s", sim::to_seconds(row.t_ns)},
            {"period_s", sim::to_seconds(row.period_ns)},
            {"count", row.count},
            {"data", frame.is_remote ? "remote" : hex_of({frame.data.data(), frame.dlc})}};
  can_emulator::BatteryView view;
  if (product.can == nullptr) return json;
  if (product.can->decode(frame, product.identity.can_choices, view))
    json["values"] = values_of(view);
  else if (product.can->is_from_inverter(frame))
    json["meaning"] = "from an inverter";
  return json;
}

/// What is not a question of the protocol.
constexpr std::size_t kNoRequest = std::numeric_limits<std::size_t>::max();

std::size_t request_of(const can_emulator::SerialProtocol& protocol, const SerialRow& row,
                       std::uint8_t address) {
  for (std::size_t i = 0; i < protocol.request_count; ++i)
    if (protocol.encode_request(i, address) == row.bytes) return i;
  return kNoRequest;
}

class SerialDecoder {
 public:
  explicit SerialDecoder(const sim::Product& product) : product_(product) {}

  Json row_json(const SerialRow& row) {
    Json json{{"number", row.number},
              {"t_s", sim::to_seconds(row.t_ns)},
              {"is_from_pack", row.direction == sim::Direction::from_pack},
              {"length", row.length},
              {"data", hex_of(row.bytes)},
              {"text", plain_of(row.bytes)}};
    if (product_.rs485 == nullptr) return json;
    if (row.direction == sim::Direction::to_pack) {
      asked_ = request_of(*product_.rs485, row, product_.identity.serial_address);
      return json;
    }
    can_emulator::BatteryView view;
    if (asked_ != kNoRequest &&
        product_.rs485->decode_reply(asked_, row.bytes, product_.identity.serial_choices, view))
      json["values"] = values_of(view);
    asked_ = kNoRequest;
    return json;
  }

 private:
  const sim::Product& product_;
  std::size_t asked_ = kNoRequest;
};

Json fault_json(const ActiveFault& fault) {
  return {{"id", fault.id},         {"fault", fault.fault},       {"pack", fault.pack},
          {"target", fault.target}, {"severity", fault.severity}, {"since_s", fault.since_s}};
}

Json timing_json(const LiveFrame& frame) {
  const TimingHealth& timing = frame.timing;
  const auto rounded = [](double value) { return std::round(value * 1e3) / 1e3; };
  return {{"achieved_speed", rounded(timing.achieved_speed)},
          {"lag_ms", rounded(timing.lag_ms)},
          {"worst_lag_ms", rounded(timing.worst_lag_ms)},
          {"slices", timing.slices},
          {"late_slices", timing.late_slices},
          {"slips", timing.slips},
          {"deadlines", frame.report ? sim::to_value(*frame.report) : Json()}};
}

}  // namespace

std::string values_text(const LiveFrame& frame, std::span<const std::size_t> signals) {
  std::string text = fmt::format(R"({{"number":{},"t_s":{:.3f},"values":[)", frame.number,
                                 sim::to_seconds(frame.t_ns));
  bool is_first = true;
  for (const std::size_t signal : signals) {
    if (!is_first) text += ',';
    is_first = false;
    append_number(text, frame.values[signal]);
  }
  return text + "]}";
}

Json state_json(const LiveFrame& frame) {
  Json faults = Json::array();
  for (const ActiveFault& fault : frame.events->faults) faults.push_back(fault_json(fault));
  Json snapshots = Json::array();
  for (const KeptMoment& kept : frame.snapshots)
    snapshots.push_back({{"number", kept.number}, {"name", kept.name}, {"t_s", kept.t_s}});
  return {{"t_s", sim::to_seconds(frame.t_ns)}, {"is_running", frame.clock.is_running},
          {"speed", frame.clock.speed},         {"why_over", frame.why_over},
          {"timing", timing_json(frame)},       {"faults", std::move(faults)},
          {"restores", frame.restores},         {"snapshots", std::move(snapshots)}};
}

std::string events_text(const EventTail& events, std::uint64_t after) {
  std::string text = "[";
  for (const EventLine& line : events.lines) {
    if (line.number <= after) continue;
    if (text.size() > 1) text += ',';
    text += *line.json;
  }
  return text + "]";
}

Json traffic_json(const BusTraffic& traffic, const sim::Product& product, sim::Time after_ns) {
  Json can = Json::array();
  for (const CanRow& row : traffic.can)
    if (row.t_ns > after_ns) can.push_back(can_row_json(row, product));
  Json serial = Json::array();
  SerialDecoder decoder(product);
  for (const SerialRow& row : traffic.serial) {
    Json json = decoder.row_json(row);
    if (row.t_ns > after_ns) serial.push_back(std::move(json));
  }
  return {{"can1", std::move(can)},
          {"can1_unlisted", traffic.unlisted},
          {"rs485_1", std::move(serial)}};
}

}  // namespace doppelpack::http
