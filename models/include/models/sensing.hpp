// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The measuring chain: from volts, amperes and degrees to the counts and flags firmware sees.
// Nothing downstream of this file may know the truth.
#pragma once

#include <cstdint>
#include <vector>

#include "models/hardware.hpp"
#include "models/pack.hpp"

namespace doppelpack::models {

/// A linear converter: counts = round((value * (1 + gain_error) + offset + noise) / per_count),
/// halves away from zero, clamped to min_counts..max_counts. Keep those inside the type of the
/// channel: 0..65535 for voltages, int32 for the shunt.
struct Converter {
  double per_count = 1.0;
  double offset = 0.0;
  double gain_error = 0.0;
  double noise_rms = 0.0;
  std::int32_t min_counts = 0;
  std::int32_t max_counts = 65535;
};

struct SensingParameters {
  Converter cell_V;
  CellArray cell_offset_V;  ///< per channel, in addition to cell_V.offset; shape (cell_count)
  Converter pack_V;
  Converter terminal_V;
  Converter shunt_A;
  std::int32_t ntc_full_scale_counts = 4095;
  double ntc_pullup_Ohm = 10000.0;
  double ntc_noise_counts_rms = 0.0;
  double scd_threshold_A = 300.0;  ///< discharge current that trips the comparator
  double scd_delay_s = 200e-6;
  std::uint64_t seed = 1;
};

struct Measurements {
  std::vector<std::uint16_t> cell_counts;
  std::uint16_t pack_counts = 0;
  std::uint16_t terminal_counts = 0;
  std::int32_t shunt_counts = 0;
  std::vector<std::uint16_t> ntc_counts;
};

struct SensingState {
  std::uint64_t samples = 0;  ///< counter of the noise generator
  double over_threshold_s = 0.0;
  bool is_scd_latched = false;  ///< the AFE holds DSG off until cleared
  Measurements last;
};

SensingState make_sensing_state(const PackParameters& pack);

// Every conversion is one sample: it takes the next value of `samples`, each channel has its own
// stream, so a reading depends on (seed, channel, number of the sample) only.

/// Convert the voltages (cells, stack, terminals) into state.last.
void measure_voltages(const SensingParameters&, const PackState&, SensingState& state);
/// Convert the shunt current into state.last.
void measure_current(const SensingParameters&, const Hardware&, const PackState&,
                     SensingState& state);
/// Convert the thermistors into state.last: a divider from a reference, NTC to ground.
void measure_ntcs(const SensingParameters&, const Hardware&, const PackState&, SensingState& state);

/// The short-circuit comparator over the last dt_s at the present current; latches by itself once
/// the shunt showed more than the threshold in discharge for the whole delay without a break (to 1
/// ns). It sees the shunt with its gain and offset. Clearing is writing is_scd_latched = false.
void watch_short_circuit(const SensingParameters&, const Hardware&, const PackState&, double dt_s,
                         SensingState& state);

/// Resistance of a 103AT thermistor (10 kOhm at 25 degC): monotone interpolation of ln R of the
/// manufacturer's table as printed in the cell_models reference, 3.4 (-40..100 degC), beyond it
/// constant beta. -55..150 degC, clamped.
double ntc_103at_Ohm(double T_degC);

}  // namespace doppelpack::models
