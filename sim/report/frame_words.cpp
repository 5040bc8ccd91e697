// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "report/frame_words.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string>

#include "sim/replay.hpp"

namespace doppelpack::sim {

namespace {

using FrameJson = nlohmann::ordered_json;

std::string spaced_hex(can_emulator::BytesView bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes)
    fmt::format_to(std::back_inserter(text), "{}{:02X}", text.empty() ? "" : " ", byte);
  return text;
}

// Printable characters as they are, others as a dot.
std::string plain_text(can_emulator::BytesView bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes)
    text += byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '.';
  return text;
}

FrameJson values_of(const can_emulator::BatteryView& view) {
  FrameJson values = FrameJson::object();
  for (const BatteryValue& value : known_values(view)) values[std::string(value.name)] = value.text;
  return values;
}

}  // namespace

nlohmann::ordered_json describe_frame(Time t_ns, const can_emulator::CanFrame& frame,
                                      bool is_from_pack, const Product& product) {
  FrameJson json{
      {"id", fmt::format(fmt::runtime(frame.is_extended ? "{:08X}" : "{:03X}"), frame.id)},
      {"is_from_pack", is_from_pack},
      {"t_s", to_seconds(t_ns)},
      {"data", frame.is_remote ? "remote" : spaced_hex({frame.data.data(), frame.dlc})}};
  can_emulator::BatteryView view;
  if (product.can == nullptr) return json;
  if (product.can->decode(frame, product.identity.can_choices, view))
    json["values"] = values_of(view);
  else if (product.can->is_from_inverter(frame))
    json["meaning"] = "from an inverter";
  return json;
}

std::size_t SerialWords::request_of(can_emulator::BytesView bytes) const {
  const can_emulator::SerialProtocol& protocol = *product_.rs485;
  for (std::size_t i = 0; i < protocol.request_count; ++i)
    if (protocol.encode_request(i, product_.identity.serial_address) == bytes) return i;
  return kNoRequest;
}

nlohmann::ordered_json SerialWords::describe(Time t_ns, Direction direction,
                                             can_emulator::BytesView bytes, std::size_t length) {
  FrameJson json{{"t_s", to_seconds(t_ns)},
                 {"is_from_pack", direction == Direction::from_pack},
                 {"length", length},
                 {"data", spaced_hex(bytes)},
                 {"text", plain_text(bytes)}};
  if (product_.rs485 == nullptr) return json;
  if (direction == Direction::to_pack) {
    asked_ = request_of(bytes);
    return json;
  }
  can_emulator::BatteryView view;
  if (asked_ != kNoRequest &&
      product_.rs485->decode_reply(asked_, bytes, product_.identity.serial_choices, view))
    json["values"] = values_of(view);
  asked_ = kNoRequest;
  return json;
}

}  // namespace doppelpack::sim
