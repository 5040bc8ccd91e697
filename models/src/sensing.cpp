// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/sensing.hpp"

#include <algorithm>

#include "models/exponential.hpp"
#include "models/random.hpp"

namespace doppelpack::models {

namespace {

// Streams of the noise generator, one per channel.
constexpr std::uint64_t kPackStream = 1;
constexpr std::uint64_t kTerminalStream = 2;
constexpr std::uint64_t kShuntStream = 3;
constexpr std::uint64_t kCellStream = 0x100;
constexpr std::uint64_t kNtcStream = 0x200;

constexpr double kDriftReference_degC = 25.0;

// Each round leaves a tenth of the error of the one before at most: the resistance falls by 5 % per
// kelvin, and beads warm by less than a kelvin.
constexpr int kSelfHeatingRounds = 2;

// Halves away from zero, into [lowest, highest]. Clamped first: the cast is always defined.
std::int32_t to_counts(double value, double lowest, double highest) {
  const double inside = value > lowest ? (value < highest ? value : highest) : lowest;
  return static_cast<std::int32_t>(inside + (inside < 0.0 ? -0.5 : 0.5));
}

// Gain and offset of one channel, in addition to those of its converter.
struct Trim {
  double gain_error = 0.0;
  double offset = 0.0;
};

std::int32_t convert(const Converter& converter, double value, const Trim& trim,
                     std::uint64_t noise_key, std::uint64_t sample) {
  double reading =
      value * (1.0 + converter.gain_error + trim.gain_error) + converter.offset + trim.offset;
  if (converter.noise_rms > 0.0) reading += converter.noise_rms * random_normal(noise_key, sample);
  return to_counts(reading / converter.per_count, converter.min_counts, converter.max_counts);
}

// Warmed by what the divider sends through it: the temperature it reads at is its own and not that
// of the place it sits on.
double ntc_Ohm(const NtcDivider& p, double factor, double bead_degC) {
  double r_Ohm = factor * ntc_103at_Ohm(bead_degC);
  for (int round = 0; round < kSelfHeatingRounds; ++round) {
    const double through_A = p.reference_V / (r_Ohm + p.pullup_Ohm);
    const double warming_K = through_A * through_A * r_Ohm / p.dissipation_W_per_K;
    r_Ohm = factor * ntc_103at_Ohm(bead_degC + warming_K);
  }
  return r_Ohm;
}

// The divider as a share of its reference. Its wires decide before its bead does.
double ntc_share(const NtcDivider& p, const NtcCondition& condition, double factor,
                 double bead_degC) {
  if (condition.wire == WireCondition::open) return 1.0;
  if (condition.wire == WireCondition::shorted) return 0.0;
  const double r_Ohm = ntc_Ohm(p, factor, bead_degC + condition.offset_K);
  return r_Ohm / (r_Ohm + p.pullup_Ohm);
}

NoiseKeys make_noise_keys(std::uint64_t seed, std::size_t cells, std::size_t ntcs) {
  NoiseKeys keys;
  for (std::size_t i = 0; i < cells; ++i) keys.cells.push_back(random_key(seed, kCellStream + i));
  for (std::size_t i = 0; i < ntcs; ++i) keys.ntcs.push_back(random_key(seed, kNtcStream + i));
  keys.pack = random_key(seed, kPackStream);
  keys.terminal = random_key(seed, kTerminalStream);
  keys.shunt = random_key(seed, kShuntStream);
  return keys;
}

}  // namespace

SensingState make_sensing_state(const SensingParameters& parameters, const PackState& pack) {
  SensingState state;
  state.lines = make_sense_line_state(parameters.lines, pack.cell_V);
  state.amplifier_A = pack.current_A;
  state.last.cell_counts.assign(static_cast<std::size_t>(pack.cell_V.size()), 0);
  state.last.ntc_counts.assign(static_cast<std::size_t>(pack.thermal.bead_degC.size()), 0);
  state.noise =
      make_noise_keys(parameters.seed, state.last.cell_counts.size(), state.last.ntc_counts.size());
  return state;
}

void advance_inputs(const SensingParameters& p, const Hardware& hardware,
                    const SenseLineInputs& inputs, const PackState& pack, double dt_s,
                    SensingState& state) {
  advance(p.lines, hardware, inputs, pack.cell_V, dt_s, state.lines);
  if (dt_s != state.amplifier_dt_s) {
    state.amplifier_dt_s = dt_s;
    state.amplifier_keep = exponential(-dt_s / p.amplifier.lag_s);
  }
  const double shunt_A = shunt_reading_A(hardware, pack.current_A);
  state.amplifier_A = shunt_A + (state.amplifier_A - shunt_A) * state.amplifier_keep;
}

int voltage_channel_count(const SensingState& state) {
  return static_cast<int>(state.last.cell_counts.size()) + 2;
}

void convert_voltage(const SensingParameters& p, const Hardware& hardware, const PackState& pack,
                     int channel, SensingState& state) {
  const std::uint64_t sample = state.samples++;
  Measurements& last = state.last;
  const auto cells = static_cast<int>(last.cell_counts.size());
  const double reference_error = hardware.afe_reference_error;
  if (channel < cells) {
    if ((hardware.frozen_cells >> static_cast<unsigned>(channel) & 1U) != 0) return;
    const double input_V = cell_input_V(state.lines, pack.cell_V, channel);
    const Trim trim{p.cell_gain_error[channel] + reference_error, p.cell_offset_V[channel]};
    const auto index = static_cast<std::size_t>(channel);
    last.cell_counts[index] = static_cast<std::uint16_t>(
        convert(p.cell_V, input_V, trim, state.noise.cells[index], sample));
  } else if (channel == cells) {
    const Trim trim{reference_error + hardware.pack_divider_error, 0.0};
    last.pack_counts =
        static_cast<std::uint16_t>(convert(p.pack_V, pack.stack_V, trim, state.noise.pack, sample));
  } else {
    last.terminal_counts = static_cast<std::uint16_t>(convert(
        p.terminal_V, pack.terminal_V, {reference_error, 0.0}, state.noise.terminal, sample));
  }
}

void convert_current(const SensingParameters& p, const PackState& pack, SensingState& state) {
  const std::uint64_t sample = state.samples++;
  const ShuntAmplifier& amplifier = p.amplifier;
  const double drift =
      1.0 + amplifier.drift_per_K * (pack.thermal.board_degC - kDriftReference_degC);
  const double output_A =
      std::clamp(state.amplifier_A * drift, -amplifier.limit_A, amplifier.limit_A);
  state.last.shunt_counts = convert(p.shunt_A, output_A, {}, state.noise.shunt, sample);
}

void convert_ntc(const SensingParameters& p, const Hardware& hardware, const PackState& pack,
                 int ntc, SensingState& state) {
  const std::uint64_t sample = state.samples++;
  const auto index = static_cast<std::size_t>(ntc);
  const NtcCondition& condition = hardware.ntcs[index];
  if (condition.is_frozen) return;
  const double bead_degC = pack.thermal.bead_degC[ntc];
  const double felt_degC = bead_degC + condition.loose_share * (pack.thermal.case_degC - bead_degC);
  const double full_scale = p.ntcs.full_scale_counts;
  double counts =
      full_scale * ntc_share(p.ntcs, condition, p.ntcs.resistance_factor[ntc], felt_degC);
  if (p.ntcs.noise_counts_rms > 0.0)
    counts += p.ntcs.noise_counts_rms * random_normal(state.noise.ntcs[index], sample);
  state.last.ntc_counts[index] = static_cast<std::uint16_t>(to_counts(counts, 0.0, full_scale));
}

}  // namespace doppelpack::models
