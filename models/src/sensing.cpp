// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/sensing.hpp"

#include "models/random.hpp"

namespace doppelpack::models {

namespace {

// Streams of the noise generator, one per channel.
constexpr std::uint64_t kPackStream = 1;
constexpr std::uint64_t kTerminalStream = 2;
constexpr std::uint64_t kShuntStream = 3;
constexpr std::uint64_t kCellStream = 0x100;
constexpr std::uint64_t kNtcStream = 0x200;

constexpr double kComparatorSlack_s = 1e-9;  // rounding of summed steps, far below any delay

// Halves away from zero, into [lowest, highest]. Clamped first: the cast is always defined.
std::int32_t to_counts(double value, double lowest, double highest) {
  const double inside = value > lowest ? (value < highest ? value : highest) : lowest;
  return static_cast<std::int32_t>(inside + (inside < 0.0 ? -0.5 : 0.5));
}

std::int32_t convert(const Converter& converter, double value, double extra_offset,
                     std::uint64_t seed, std::uint64_t stream, std::uint64_t sample) {
  double reading = value * (1.0 + converter.gain_error) + converter.offset + extra_offset;
  if (converter.noise_rms > 0.0)
    reading += converter.noise_rms * random_normal(seed, stream, sample);
  return to_counts(reading / converter.per_count, converter.min_counts, converter.max_counts);
}

double shunt_reading_A(const Hardware& hardware, const PackState& pack) {
  return pack.current_A * hardware.shunt_gain + hardware.shunt_offset_A;
}

// The divider as a share of its reference. Its wires decide before its bead does.
double ntc_share(const NtcCondition& condition, double bead_degC, double pullup_Ohm) {
  if (condition.wire == WireCondition::open) return 1.0;
  if (condition.wire == WireCondition::shorted) return 0.0;
  const double r_Ohm = ntc_103at_Ohm(bead_degC + condition.offset_K);
  return r_Ohm / (r_Ohm + pullup_Ohm);
}

}  // namespace

SensingState make_sensing_state(const PackParameters& pack) {
  SensingState state;
  state.last.cell_counts.assign(static_cast<std::size_t>(pack.cell_count), 0);
  state.last.ntc_counts.assign(pack.ntc_cell.size(), 0);
  return state;
}

void measure_voltages(const SensingParameters& p, const PackState& pack, SensingState& state) {
  const std::uint64_t sample = state.samples++;
  std::vector<std::uint16_t>& cells = state.last.cell_counts;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto cell = static_cast<Eigen::Index>(i);
    cells[i] = static_cast<std::uint16_t>(convert(
        p.cell_V, pack.cell_V[cell], p.cell_offset_V[cell], p.seed, kCellStream + i, sample));
  }
  state.last.pack_counts =
      static_cast<std::uint16_t>(convert(p.pack_V, pack.stack_V, 0.0, p.seed, kPackStream, sample));
  state.last.terminal_counts = static_cast<std::uint16_t>(
      convert(p.terminal_V, pack.terminal_V, 0.0, p.seed, kTerminalStream, sample));
}

void measure_current(const SensingParameters& p, const Hardware& hardware, const PackState& pack,
                     SensingState& state) {
  const std::uint64_t sample = state.samples++;
  state.last.shunt_counts =
      convert(p.shunt_A, shunt_reading_A(hardware, pack), 0.0, p.seed, kShuntStream, sample);
}

void measure_ntcs(const SensingParameters& p, const Hardware& hardware, const PackState& pack,
                  SensingState& state) {
  const std::uint64_t sample = state.samples++;
  const double full_scale = p.ntc_full_scale_counts;
  std::vector<std::uint16_t>& ntcs = state.last.ntc_counts;
  for (std::size_t i = 0; i < ntcs.size(); ++i) {
    const double bead_degC = pack.ntc_degC[static_cast<Eigen::Index>(i)];
    double counts = full_scale * ntc_share(hardware.ntcs[i], bead_degC, p.ntc_pullup_Ohm);
    if (p.ntc_noise_counts_rms > 0.0)
      counts += p.ntc_noise_counts_rms * random_normal(p.seed, kNtcStream + i, sample);
    ntcs[i] = static_cast<std::uint16_t>(to_counts(counts, 0.0, full_scale));
  }
}

void watch_short_circuit(const SensingParameters& p, const Hardware& hardware,
                         const PackState& pack, double dt_s, SensingState& state) {
  const bool is_over = -shunt_reading_A(hardware, pack) > p.scd_threshold_A;
  state.over_threshold_s = is_over ? state.over_threshold_s + dt_s : 0.0;
  if (is_over && state.over_threshold_s >= p.scd_delay_s - kComparatorSlack_s)
    state.is_scd_latched = true;
}

}  // namespace doppelpack::models
