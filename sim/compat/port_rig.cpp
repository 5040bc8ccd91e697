// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_emulator/live_port.hpp"
#include "compat/port_meter.hpp"
#include "kernel/pacer.hpp"
#include "sim/compat.hpp"

namespace doppelpack::sim {

namespace {

class PortRig : public CompatRig {
 public:
  PortRig(const can_emulator::PortUri& uri, const std::optional<MeterPlace>& meter,
          const can_emulator::PortNotice& notice)
      : port_(uri, notice), pacer_(1.0) {
    if (meter) meter_.emplace(*meter, notice);
  }

  void send(Time t_ns, const can_emulator::CanFrame& frame) override { port_.send(frame, t_ns); }

  void advance(Time t_ns, std::vector<TimedFrame>& heard) override {
    pacer_.resume(now_ns_);
    pacer_.wait_for(t_ns);
    now_ns_ = t_ns;
    frames_.clear();
    port_.take(frames_);
    for (const can_emulator::CanFrame& frame : frames_) heard.push_back({t_ns, frame});
    if (!meter_) return;
    for (const can_emulator::CanFrame& frame : frames_) meter_->hear(t_ns, frame);
    meter_->advance(t_ns);
  }

  bool is_measured() const override { return meter_.has_value(); }
  std::optional<DcMeasurement> measure() const override {
    return meter_ ? meter_->reading(now_ns_) : std::nullopt;
  }
  void set_wish_W(double /*wish_W*/) override {}
  void set_soc(double /*soc*/) override {}
  std::optional<std::pair<double, double>> extreme_cells_V() const override { return std::nullopt; }

 private:
  can_emulator::LiveCanPort port_;
  std::optional<PortMeter> meter_;
  Pacer pacer_;
  Time now_ns_ = 0;
  std::vector<can_emulator::CanFrame> frames_;
};

}  // namespace

std::unique_ptr<CompatRig> make_port_rig(const can_emulator::PortUri& uri,
                                         const std::optional<MeterPlace>& meter,
                                         const can_emulator::PortNotice& notice) {
  return std::make_unique<PortRig>(uri, meter, notice);
}

}  // namespace doppelpack::sim
