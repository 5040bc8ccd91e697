// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "compat/port_meter.hpp"

#include <fmt/format.h>

#include <vector>

namespace doppelpack::sim {

namespace {

constexpr Time kAskPeriod = 200 * kMillisecond;
constexpr Time kFresh = kSecond;      // an IVT-S sends its current every 20 ms as delivered
constexpr double kNotWired_V = 10.0;  // a voltage input that hangs in the air
constexpr std::size_t kMostReceived = 1024;

bool is_fresh(Time at_ns, Time now_ns) {
  return at_ns >= 0 && now_ns - at_ns <= kFresh;
}

}  // namespace

MeterPlace parse_meter_place(std::string_view text) {
  const std::size_t at = text.find('@');
  const std::string_view key = text.substr(0, at);
  MeterPlace place;
  place.meter = can_emulator::find_meter(key);
  if (place.meter == nullptr) {
    std::string all;
    for (const can_emulator::Meter* meter : can_emulator::meters())
      all += fmt::format("{}{}", all.empty() ? "" : ", ", meter->key);
    throw can_emulator::PortError(fmt::format("{}: no such meter, there are {}", text, all));
  }
  if (at != std::string_view::npos) place.uri = can_emulator::parse_port_uri(text.substr(at + 1));
  if (!place.uri && place.meter->take_frame == nullptr) {
    throw can_emulator::PortError(fmt::format(
        "{}: a meter on a serial line needs a port of its own, {}@serial:DEVICE", text, key));
  }
  return place;
}

PortMeter::PortMeter(const MeterPlace& place, const can_emulator::PortNotice& notice)
    : place_(place), is_on_inverters_bus_(!place.uri) {
  if (!place_.uri) return;
  if (place_.meter->take_frame != nullptr)
    can_ = std::make_unique<can_emulator::LiveCanPort>(*place_.uri, notice);
  else
    serial_ = std::make_unique<can_emulator::LiveBytePort>(*place_.uri, notice);
}

void PortMeter::take(Time t_ns, const can_emulator::MeterSample& sample) {
  if (sample.current_A)
    current_ = {place_.is_inverted ? -*sample.current_A : *sample.current_A, t_ns};
  if (sample.voltage_V) voltage_ = {*sample.voltage_V, t_ns};
}

void PortMeter::hear(Time t_ns, const can_emulator::CanFrame& frame) {
  can_emulator::MeterSample sample;
  if (is_on_inverters_bus_ && place_.meter->take_frame(frame, sample)) take(t_ns, sample);
}

void PortMeter::ask(Time t_ns) {
  received_.clear();
  ask_due_ns_ = t_ns + kAskPeriod;
  serial_->send(place_.meter->encode_request(place_.address));
}

void PortMeter::advance(Time t_ns) {
  can_emulator::MeterSample sample;
  if (can_) {
    std::vector<can_emulator::CanFrame> frames;
    can_->take(frames);
    for (const can_emulator::CanFrame& frame : frames) place_.meter->take_frame(frame, sample);
    take(t_ns, sample);
  }
  if (!serial_) return;
  serial_->take(received_);
  if (place_.meter->take_reply(received_, sample)) {
    take(t_ns, sample);
    received_.clear();
  }
  if (received_.size() > kMostReceived) received_.clear();
  if (t_ns >= ask_due_ns_) ask(t_ns);
}

std::optional<DcMeasurement> PortMeter::reading(Time t_ns) const {
  if (!is_fresh(current_.at_ns, t_ns)) return std::nullopt;
  DcMeasurement reading{current_.value, std::nullopt};
  if (is_fresh(voltage_.at_ns, t_ns) && voltage_.value > kNotWired_V) reading.dc_V = voltage_.value;
  return reading;
}

}  // namespace doppelpack::sim
