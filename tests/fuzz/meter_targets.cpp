// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Every meter. Input of one on CAN: frames; of one on a serial line: what came since the request.
#include <cmath>
#include <string>
#include <vector>

#include "can_emulator/meter.hpp"
#include "fuzz_wire.hpp"

namespace doppelpack::fuzz {
namespace {

using can_emulator::Meter;
using can_emulator::MeterSample;

void check_sample(const MeterSample& sample) {
  require(!sample.current_A || std::isfinite(*sample.current_A), "a current is not finite");
  require(!sample.voltage_V || std::isfinite(*sample.voltage_V), "a voltage is not finite");
}

void fuzz_meter(const Meter& meter, Input input) {
  MeterSample sample;
  if (meter.take_reply != nullptr) {
    const bool is_whole = meter.take_reply(input.take_rest(), sample);
    require(!is_whole || sample.current_A || sample.voltage_V, "a reply that says nothing");
    check_sample(sample);
    return;
  }
  while (!input.is_empty()) {
    meter.take_frame(take_frame(input), sample);
    check_sample(sample);
  }
}

}  // namespace

std::vector<Target> meter_targets() {
  std::vector<Target> targets;
  for (const Meter* meter : can_emulator::meters())
    targets.push_back(
        {std::string(meter->key), [meter](Input input) { fuzz_meter(*meter, input); }});
  return targets;
}

}  // namespace doppelpack::fuzz
