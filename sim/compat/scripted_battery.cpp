// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "sim/compat_script.hpp"

namespace doppelpack::sim {

namespace {

using can_emulator::CanFrame;
using can_emulator::PeriodicFrame;

constexpr double kHealthy = 1.0;
constexpr double kRoom_degC = 25.0;
constexpr double kHalf = 0.5;
constexpr double kRest_V = 3.33;  // of an LFP cell at half charge
constexpr Time kStrangersPeriod = 250 * kMillisecond;

std::uint16_t permille(double share) {
  return static_cast<std::uint16_t>(std::lround(share * 1000.0));
}

std::uint32_t milli(double value) {
  return static_cast<std::uint32_t>(std::lround(std::max(value, 0.0) * 1000.0));
}

void set_cells(bms_report_t& report, double cell_V) {
  std::fill_n(report.cell_mV, report.cell_count, static_cast<std::uint16_t>(milli(cell_V)));
}

void set_temperature(bms_report_t& report, double T_degC) {
  const auto ddegC = static_cast<std::int16_t>(std::lround(T_degC * 10.0));
  std::fill_n(report.ntc_ddegC, report.ntc_count, ddegC);
  report.mosfet_ddegC = ddegC;
}

// Healthy, half full, at rest, with the limits of the product's data sheet.
bms_report_t normal_report(const Product& product) {
  const bms_config_t& bms = product.bms;
  bms_report_t report{};
  report.cell_count = bms.cell_count;
  report.ntc_count = std::max<std::uint8_t>(bms.ntc_count, 1);
  set_cells(report, kRest_V);
  set_temperature(report, kRoom_degC);
  report.pack_mV = milli(kRest_V * bms.cell_count);
  report.terminal_mV = report.stack_mV = report.pack_mV;
  report.soc_permille = permille(kHalf);
  report.soh_permille = permille(kHealthy);
  report.full_mAh = bms.soc.capacity_mAh;
  report.remaining_mAh = report.full_mAh / 2;
  report.cvl_mV = bms.limits.cvl_mV;
  report.discharge_voltage_limit_mV = bms.limits.discharge_voltage_limit_mV;
  report.ccl_mA = bms.limits.ccl_mA;
  report.dcl_mA = bms.limits.dcl_mA;
  report.is_charge_allowed = report.is_discharge_allowed = true;
  report.state = BMS_STATE_STANDBY;
  report.insulation_kOhm = UINT16_MAX;
  return report;
}

constexpr CanFrame stranger(std::uint32_t id, bool is_extended) {
  CanFrame frame;
  frame.id = id;
  frame.is_extended = is_extended;
  frame.dlc = 8;
  frame.data.fill(0xFF);
  return frame;
}

// No protocol here knows them; CANopen heartbeats and J1939 look like that.
constexpr std::array kStrangers{stranger(0x701, false), stranger(0x7A5, false),
                                stranger(0x18FF'50E5, true)};

template <typename Value>
void take(const std::optional<Value>& change, Value& value) {
  if (change) value = *change;
}

}  // namespace

ScriptedBattery::ScriptedBattery(const Product& product)
    : can_(product.can),
      serial_(product.rs485),
      normal_identity_(product.identity),
      normal_(normal_report(product)),
      last_ns_(can_ != nullptr ? can_->periodic.size() : 0, -1) {
  reset();
}

void ScriptedBattery::reset() {
  report_ = normal_;
  identity_ = normal_identity_;
  manners_ = {};
}

void ScriptedBattery::apply(const BatteryChange& change, double present_V) {
  if (change.is_reset) reset();
  apply_limits(change, present_V);
  take(change.requests, report_.requests);
  take(change.warnings, report_.warnings);
  take(change.protections, report_.protections);
  if (change.soc) {
    report_.soc_permille = permille(*change.soc);
    report_.remaining_mAh = static_cast<std::uint32_t>(report_.full_mAh * *change.soc);
  }
  if (change.soh) report_.soh_permille = permille(*change.soh);
  if (change.T_degC) set_temperature(report_, *change.T_degC);
  if (change.are_ntcs_broken) {
    std::fill_n(report_.ntc_ddegC, report_.ntc_count, std::int16_t{BMS_NTC_INVALID_DDEGC});
  }
  take(change.manufacturer, identity_.manufacturer);
  apply_manners(change);
}

void ScriptedBattery::apply_limits(const BatteryChange& change, double present_V) {
  if (change.cvl_V) report_.cvl_mV = milli(*change.cvl_V);
  if (change.cvl_drop_V) report_.cvl_mV = milli(present_V - *change.cvl_drop_V);
  if (change.ccl_A) report_.ccl_mA = milli(*change.ccl_A);
  if (change.ccl_share) report_.ccl_mA = milli(normal_ccl_A() * *change.ccl_share);
  if (change.dcl_share) report_.dcl_mA = milli(normal_dcl_A() * *change.dcl_share);
  take(change.is_charge_allowed, report_.is_charge_allowed);
  take(change.is_discharge_allowed, report_.is_discharge_allowed);
}

void ScriptedBattery::apply_manners(const BatteryChange& change) {
  take(change.period_factor, manners_.period_factor);
  take(change.is_silent, manners_.is_silent);
  take(change.is_reversed, manners_.is_reversed);
  take(change.length, manners_.length);
  take(change.has_strangers, manners_.has_strangers);
  if (!change.is_limits_frame_missing) return;
  manners_.missing_id.reset();
  if (!*change.is_limits_frame_missing || can_ == nullptr) return;
  // The frame that the CVL comes in.
  for (const PeriodicFrame& periodic : can_->periodic) {
    const std::optional<CanFrame> frame = periodic.encode(report_, identity_);
    can_emulator::BatteryView view;
    if (frame && can_->decode(*frame, identity_.can_choices, view) && view.cvl_V)
      manners_.missing_id = frame->id;
  }
}

void ScriptedBattery::set_readings(const DcMeasurement& dc) {
  report_.current_mA = static_cast<std::int32_t>(std::lround(dc.dc_A * 1000.0));
  if (!dc.dc_V) return;
  report_.pack_mV = report_.terminal_mV = report_.stack_mV = milli(*dc.dc_V);
  set_cells(report_, *dc.dc_V / std::max<double>(report_.cell_count, 1.0));
}

// A longer period counts from the last frame, so that a change does not make a burst.
Time ScriptedBattery::due_ns(std::size_t frame) const {
  const PeriodicFrame& periodic = can_->periodic[frame];
  const auto scaled = [&](std::uint32_t time_ms) {
    return static_cast<Time>(time_ms * manners_.period_factor) * kMillisecond;
  };
  if (last_ns_[frame] < 0) return scaled(periodic.offset_ms);
  return last_ns_[frame] + scaled(periodic.period_ms);
}

std::optional<CanFrame> ScriptedBattery::encode(const PeriodicFrame& periodic) const {
  if (manners_.is_silent) return std::nullopt;
  std::optional<CanFrame> frame = periodic.encode(report_, identity_);
  if (!frame || frame->id == manners_.missing_id) return std::nullopt;
  if (manners_.length == BusManners::Length::padded) frame->dlc = 8;
  if (manners_.length == BusManners::Length::cut) {
    frame->dlc /= 2;
    std::fill(frame->data.begin() + frame->dlc, frame->data.end(), std::uint8_t{0});
  }
  return frame;
}

std::vector<CanFrame> ScriptedBattery::frames_until(Time t_ns) {
  std::vector<CanFrame> frames;
  const auto send = [&](std::size_t frame) {
    if (const auto encoded = encode(can_->periodic[frame])) frames.push_back(*encoded);
  };
  const std::size_t count = last_ns_.size();
  if (!manners_.is_reversed) {
    for (std::size_t i = 0; i < count; ++i) {
      const Time due = due_ns(i);
      if (due > t_ns) continue;
      last_ns_[i] = std::max(due, until_ns_);
      send(i);
    }
  } else if (count > 0 && due_ns(0) <= t_ns) {
    // All of a period at once, the last one first.
    std::fill(last_ns_.begin(), last_ns_.end(), t_ns);
    for (std::size_t i = count; i-- > 0;) send(i);
  }
  if (manners_.has_strangers && t_ns >= strangers_due_ns_) {
    strangers_due_ns_ = t_ns + kStrangersPeriod;
    frames.insert(frames.end(), kStrangers.begin(), kStrangers.end());
  }
  until_ns_ = t_ns;
  return frames;
}

std::vector<CanFrame> ScriptedBattery::answer(const CanFrame& request) const {
  if (can_->respond == nullptr || manners_.is_silent) return {};
  return can_->respond(request, report_, identity_);
}

can_emulator::Reply ScriptedBattery::reply_to(can_emulator::BytesView request) const {
  return serial_->respond(request, report_, identity_);
}

}  // namespace doppelpack::sim
