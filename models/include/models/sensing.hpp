// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The measuring chain: from volts, amperes and degrees to the counts and flags firmware sees.
// Nothing downstream of this file may know the truth.
//
//   cells     -> wires, bleeders, filters (sense_lines.hpp) -> multiplexer -> converter
//   stack, terminals -> divider -> same multiplexer -> converter
//   shunt     -> amplifier (lag, saturation, drift with temperature) -> converter of its own
//   NTCs      -> divider from a reference -> second multiplexer -> converter
//
// A multiplexed converter does one channel after the other: the readings of a scan are of different
// times. Who calls decides when; see the AFE.
#pragma once

#include <cstdint>
#include <vector>

#include "models/hardware.hpp"
#include "models/pack.hpp"
#include "models/sense_lines.hpp"

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

/// Between shunt and converter. It amplifies by 1 apart from the gain error of the converter.
struct ShuntAmplifier {
  double lag_s = 0.0003;     ///< first-order (estimate: 0.5 kHz anti-aliasing filter)
  double limit_A = 800.0;    ///< magnitude at which its output saturates
  double drift_per_K = 0.0;  ///< of the shunt's resistance, so of the gain; 0 at 25 degC
};

/// The thermistors' divider: reference, pull-up, thermistor to ground; ratiometric converter.
struct NtcDivider {
  std::int32_t full_scale_counts = 4095;
  double pullup_Ohm = 10000.0;
  double reference_V = 0.0;            ///< warms the beads; 0: they stay cold
  double dissipation_W_per_K = 0.002;  ///< of a bead: 103AT-2 in still air (estimate)
  double noise_counts_rms = 0.0;
  CellArray resistance_factor;  ///< per specimen, of the resistance; shape (NTCs)
};

struct SensingParameters {
  SenseLineParameters lines;
  Converter cell_V;
  CellArray cell_offset_V;    ///< per channel, in addition to cell_V.offset; shape (positions)
  CellArray cell_gain_error;  ///< likewise
  Converter pack_V;
  Converter terminal_V;
  ShuntAmplifier amplifier;
  Converter shunt_A;
  NtcDivider ntcs;
  std::uint64_t seed = 1;
};

/// Every channel as it was converted last.
struct Measurements {
  std::vector<std::uint16_t> cell_counts;
  std::uint16_t pack_counts = 0;
  std::uint16_t terminal_counts = 0;
  std::int32_t shunt_counts = 0;
  std::vector<std::uint16_t> ntc_counts;
};

/// One stream of the noise generator for each channel.
struct NoiseKeys {
  std::vector<std::uint64_t> cells;
  std::uint64_t pack = 0;
  std::uint64_t terminal = 0;
  std::uint64_t shunt = 0;
  std::vector<std::uint64_t> ntcs;
};

struct SensingState {
  std::uint64_t samples = 0;  ///< counter of the noise generator
  SenseLineState lines;
  double amplifier_A = 0.0;      ///< behind the amplifier's lag
  double amplifier_dt_s = -1.0;  ///< the length of step for which the next one was computed
  double amplifier_keep = 0.0;
  NoiseKeys noise;  ///< as drawn from the seed
  Measurements last;
};

/// Nothing converted yet; lines and amplifier settled on the pack as it is.
SensingState make_sensing_state(const SensingParameters& parameters, const PackState& pack);

/// What lags in front of the converters follows the pack for dt_s (> 0).
void advance_inputs(const SensingParameters&, const Hardware&, const SenseLineInputs&,
                    const PackState&, double dt_s, SensingState& state);

// Every conversion is one sample: it takes the next value of `samples`, each channel has its own
// stream, so a reading depends on (seed, channel, number of the sample) only.

/// Channels of a scan of the voltages, in its order: the cells, the stack, the terminals.
int voltage_channel_count(const SensingState& state);
/// Convert one of them into state.last.
void convert_voltage(const SensingParameters&, const Hardware&, const PackState&, int channel,
                     SensingState& state);
/// Convert the shunt current into state.last.
void convert_current(const SensingParameters&, const PackState&, SensingState& state);
/// Convert one thermistor into state.last: a divider from a reference, NTC to ground.
void convert_ntc(const SensingParameters&, const Hardware&, const PackState&, int ntc,
                 SensingState& state);

/// Resistance of a 103AT thermistor (10 kOhm at 25 degC): monotone interpolation of ln R of the
/// manufacturer's table as printed in the cell_models reference, 3.4 (-40..100 degC), beyond it
/// constant beta. -55..150 degC, clamped.
double ntc_103at_Ohm(double T_degC);

}  // namespace doppelpack::models
