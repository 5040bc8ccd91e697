// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <utility>

#include "can_emulator/live_port.hpp"
#include "compat/port_meter.hpp"
#include "kernel/pacer.hpp"

namespace doppelpack::sim {

namespace {

/// All that does not depend on the bus: real time, and a meter.
template <typename Rig>
class PortRig : public Rig {
 public:
  PortRig(const std::optional<MeterPlace>& meter, const can_emulator::PortNotice& notice)
      : pacer_(1.0) {
    if (meter) meter_.emplace(*meter, notice);
  }

  bool is_measured() const override { return meter_.has_value(); }
  std::optional<DcMeasurement> measure() const override {
    return meter_ ? meter_->reading(now_ns_) : std::nullopt;
  }
  void set_wish_W(double /*wish_W*/) override {}
  void set_soc(double /*soc*/) override {}
  bool has_hands() const override { return false; }
  void perform(BenchAct /*act*/) override {}
  std::optional<std::pair<double, double>> extreme_cells_V() const override { return std::nullopt; }

 protected:
  void wait_for(Time t_ns) {
    pacer_.resume(now_ns_);
    pacer_.wait_for(t_ns);
    now_ns_ = t_ns;
    if (meter_) meter_->advance(t_ns);
  }
  std::optional<PortMeter>& meter() { return meter_; }

 private:
  Pacer pacer_;
  std::optional<PortMeter> meter_;
  Time now_ns_ = 0;
};

class CanPortRig : public PortRig<CanRig> {
 public:
  CanPortRig(const can_emulator::PortUri& uri, const std::optional<MeterPlace>& meter,
             const can_emulator::PortNotice& notice)
      : PortRig(meter, notice), port_(uri, notice) {}

  void send(Time t_ns, const can_emulator::CanFrame& frame) override { port_.send(frame, t_ns); }

  void advance(Time t_ns, std::vector<TimedFrame>& heard) override {
    wait_for(t_ns);
    frames_.clear();
    port_.take(frames_);
    for (const can_emulator::CanFrame& frame : frames_) {
      heard.push_back({t_ns, frame});
      if (meter()) meter()->hear(t_ns, frame);
    }
  }

 private:
  can_emulator::LiveCanPort port_;
  std::vector<can_emulator::CanFrame> frames_;
};

class SerialPortRig : public PortRig<SerialRig> {
 public:
  SerialPortRig(const can_emulator::PortUri& uri, const std::optional<MeterPlace>& meter,
                const can_emulator::PortNotice& notice)
      : PortRig(meter, notice), port_(uri, notice) {}

  void send(Time /*t_ns*/, can_emulator::BytesView reply) override { port_.send(reply); }

  void advance(Time t_ns, can_emulator::Bytes& heard) override {
    wait_for(t_ns);
    port_.take(heard);
  }

 private:
  can_emulator::LiveBytePort port_;
};

}  // namespace

std::unique_ptr<CanRig> make_can_port_rig(const can_emulator::PortUri& uri,
                                          const std::optional<MeterPlace>& meter,
                                          const can_emulator::PortNotice& notice) {
  return std::make_unique<CanPortRig>(uri, meter, notice);
}

std::unique_ptr<SerialRig> make_serial_port_rig(const can_emulator::PortUri& uri,
                                                const std::optional<MeterPlace>& meter,
                                                const can_emulator::PortNotice& notice) {
  if (meter && !meter->uri) {
    throw can_emulator::PortError(fmt::format(
        "{0}: beside RS485 a meter needs a port of its own, {0}@PORT", meter->meter->key));
  }
  return std::make_unique<SerialPortRig>(uri, meter, notice);
}

}  // namespace doppelpack::sim
