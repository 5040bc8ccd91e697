// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// An insulation monitor: drives a small current from the poles to earth and tells what resistance it
// finds, once per period. Its filter settles with the capacitance of the poles to earth, so a fault
// shows up late.
#pragma once

#include <cstdint>

namespace doppelpack::models {

/// All estimates: monitors of battery systems tell one value per second and follow a fault within
/// some seconds at 1 uF to earth.
struct InsulationMonitorParameters {
  double period_s = 1.0;    ///< > 0, between two readings
  double settling_s = 2.0;  ///< > 0, time constant of its filter, which works on the conductance
  double range_Ohm = 50e6;  ///< a higher resistance reads as "more"
  double noise = 0.01;      ///< rms, relative
  std::uint64_t seed = 1;
};

struct InsulationMonitorState {
  std::uint64_t samples = 0;  ///< 0: just switched on; the first reading does not lag
  double settled_S = 0.0;
  std::uint16_t reading_kOhm = UINT16_MAX;
};

/// Let one period pass at a resistance of insulation_Ohm (> 0), and renew the reading: kOhm, halves
/// up; UINT16_MAX for everything above the range.
void measure(const InsulationMonitorParameters& parameters, double insulation_Ohm,
             InsulationMonitorState& state);

}  // namespace doppelpack::models
