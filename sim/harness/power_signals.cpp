// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "harness/signal_tables.hpp"

namespace doppelpack::sim {

namespace {

constexpr auto kPower = &BenchState::power;
constexpr auto kReading = &PowerState::reading;

constexpr std::array kPowerSignals{
    BenchRow{"is_wanted", Dimension::none, kNoYes,
             "current from outside may flow; after a safe state: no, then yes",
             read_field<kPower, &PowerState::is_wanted>,
             write_field<kPower, &PowerState::is_wanted>},
    BenchRow{"state", Dimension::none, kPowerPhases, "of the device that measures the current",
             read_field<kPower, kReading, &PowerReading::phase>},
    BenchRow{"measured_A", Dimension::current, kNumber, "current measured outside, + charges",
             read_field<kPower, kReading, &PowerReading::measured_A>},
    BenchRow{"measured_V", Dimension::voltage, kNumber, "voltage measured outside",
             read_field<kPower, kReading, &PowerReading::measured_V>},
    BenchRow{"age_s", Dimension::time, kNumber,
             "of the current measured outside, on the host's clock",
             read_field<kPower, kReading, &PowerReading::age_s>},
    BenchRow{"setpoint_V", Dimension::voltage, kNumber, "voltage the device was told last",
             read_field<kPower, kReading, &PowerReading::setpoint_V>},
    BenchRow{"charge_limit_A", Dimension::current, kNumber, "current it may take, told last",
             read_field<kPower, kReading, &PowerReading::charge_limit_A>},
    BenchRow{"discharge_limit_A", Dimension::current, kNumber, "current it may give, told last",
             read_field<kPower, kReading, &PowerReading::discharge_limit_A>},
    BenchRow{"is_output_on", Dimension::none, kNoYes, "its output, as far as is known",
             read_field<kPower, kReading, &PowerReading::is_output_on>},
};

}  // namespace

std::span<const BenchRow> power_signals() {
  return kPowerSignals;
}

}  // namespace doppelpack::sim
