// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// An inverter made by hand: does what a test says.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "compat_fixture.hpp"

namespace doppelpack::sim::test {

// Charges as a function of time says.
class HandMadeRig : public CanRig {
 public:
  using Current = std::function<double(Time)>;
  explicit HandMadeRig(Current current_A, bool is_measured = true)
      : current_A_(std::move(current_A)), is_measured_(is_measured) {}

  void send(Time /*t_ns*/, const can_emulator::CanFrame& frame) override {
    product().can->decode(frame, product().identity.can_choices, heard);
  }
  void advance(Time t_ns, std::vector<TimedFrame>& frames) override {
    now_ns_ = t_ns;
    if (t_ns % kSecond == 0) frames.push_back({t_ns, product().can->encode_heartbeat()});
  }
  bool is_measured() const override { return is_measured_; }
  std::optional<DcMeasurement> measure() const override {
    if (!is_measured_ || is_silent(now_ns_)) return std::nullopt;
    return DcMeasurement{current_A_(now_ns_), dc_V};
  }
  void set_wish_W(double /*wish_W*/) override {}
  void set_soc(double /*soc*/) override {}
  bool has_hands() const override { return static_cast<bool>(act); }
  void perform(BenchAct wanted) override { act(wanted); }
  std::optional<std::pair<double, double>> extreme_cells_V() const override { return cells_V; }

  can_emulator::BatteryView heard;
  std::pair<double, double> cells_V{3.4, 3.3};
  std::optional<double> dc_V = 50.0;
  std::function<void(BenchAct)> act;                                          ///< hands, if any
  std::function<bool(Time)> is_silent = [](Time /*t_ns*/) { return false; };  ///< the meter

 private:
  Current current_A_;
  bool is_measured_;
  Time now_ns_ = 0;
};

}  // namespace doppelpack::sim::test
