// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/insulation_monitor.hpp"

#include <algorithm>

#include "models/exponential.hpp"
#include "models/random.hpp"

namespace doppelpack::models {

namespace {

constexpr std::uint64_t kStream = 0x1501;
constexpr double kPerKiloOhm = 1e-3;
constexpr double kHighestReading_kOhm = UINT16_MAX - 1;

}  // namespace

void measure(const InsulationMonitorParameters& p, double insulation_Ohm,
             InsulationMonitorState& state) {
  const double true_S = 1.0 / insulation_Ohm;
  const double keep = state.samples == 0 ? 0.0 : exponential(-p.period_s / p.settling_s);
  state.settled_S = true_S + (state.settled_S - true_S) * keep;
  const double error = p.noise * random_normal(p.seed, kStream, state.samples++);
  const double read_Ohm = (1.0 + error) / state.settled_S;
  const double read_kOhm = std::max(read_Ohm, 0.0) * kPerKiloOhm + 0.5;
  state.reading_kOhm = read_Ohm > p.range_Ohm || read_kOhm > kHighestReading_kOhm
                           ? UINT16_MAX
                           : static_cast<std::uint16_t>(read_kOhm);
}

}  // namespace doppelpack::models
