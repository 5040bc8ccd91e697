// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <utility>

#include "compat/port_meter.hpp"
#include "power/host_clock.hpp"
#include "sim/power_source.hpp"

namespace doppelpack::sim {

namespace {

constexpr Time kPatience = 10 * kSecond;  // for its first reading

// Nothing is switched, so nothing has to be armed anew: it goes on when the meter does.
class MeterCurrent : public OutsideCurrent {
 public:
  MeterCurrent(std::string_view name, const MeterPlace& place, can_emulator::PortNotice notice)
      : name_(name), notice_(std::move(notice)), meter_(place, notice_) {}

  PowerReading exchange(const TerminalWish& wish) override {
    const Time now_ns = host_now_ns();
    meter_.advance(now_ns);
    const std::optional<DcMeasurement> found = meter_.reading(now_ns);
    PowerReading reading;
    if (found) {
      was_heard_ = true;
      reading.measured_A = found->dc_A;
      reading.measured_V = found->dc_V.value_or(PowerReading::kUnknown);
      reading.age_s = to_seconds(meter_.age_ns(now_ns));
    }
    reading.phase = phase_of(now_ns, found.has_value(), wish.is_wanted);
    reading.is_valid = reading.phase == PowerPhase::on;
    if (reading.phase == PowerPhase::safe && phase_ != PowerPhase::safe && notice_)
      notice_(name_ + ": the meter is silent: no current in the pack until it speaks again");
    phase_ = reading.phase;
    return reading;
  }

  void hear(const can_emulator::CanFrame& frame) override { meter_.hear(host_now_ns(), frame); }

  const std::string& name() const override { return name_; }

 private:
  PowerPhase phase_of(Time now_ns, bool is_heard, bool is_wanted) {
    if (since_ns_ < 0) since_ns_ = now_ns;
    if (!was_heard_ && now_ns - since_ns_ < kPatience) return PowerPhase::connecting;
    if (!is_heard) return PowerPhase::safe;
    return is_wanted ? PowerPhase::on : PowerPhase::off;
  }

  std::string name_;
  can_emulator::PortNotice notice_;
  PortMeter meter_;
  Time since_ns_ = -1;
  bool was_heard_ = false;
  PowerPhase phase_ = PowerPhase::none;
};

}  // namespace

std::unique_ptr<OutsideCurrent> open_current_meter(std::string_view name, const MeterPlace& place,
                                                   can_emulator::PortNotice notice) {
  return std::make_unique<MeterCurrent>(name, place, std::move(notice));
}

}  // namespace doppelpack::sim
