// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/ageing.hpp"

#include <algorithm>
#include <cmath>

#include "ageing_laws.hpp"

namespace doppelpack::models {

namespace {

constexpr double kDeadBand = 0.01;  // SOC has turned when it is this far from its extreme
constexpr double kLeastCapacity = 0.05;
constexpr double kShareOfR0 = 0.5;

// What one cell went through in a step.
struct Stress {
  double soc;
  double T_degC;
  double charge;     // full charges
  double discharge;  // full discharges
  double dt_s;

  double per_h(double amount) const { return amount * 3600.0 / dt_s; }
};

void add(const CycleThroughput& from, CycleThroughput& to) {
  to.full_cycles += from.full_cycles;
  to.capacity += from.capacity;
  to.resistance += from.resistance;
}

CycleThroughput throughput_of(const AgeingParameters& p, const Stress& s, double loss) {
  const double full_cycles = 0.5 * (s.charge + s.discharge);
  if (full_cycles <= 0.0) return {};
  const double current_C = s.per_h(s.charge + s.discharge);
  const double knee = factor_of(p.knee, loss);
  const auto weighted = [&](const CycleLaw& law) {
    return power(knee * rate_of(law, current_C, s.T_degC), 1.0 / law.exponent) * full_cycles;
  };
  return {full_cycles, weighted(p.cycle_capacity), weighted(p.cycle_resistance)};
}

double weight_of_depth(const CycleLaw& law, const HalfCycle& half) {
  return power(value_of(law.depth, std::abs(half.extreme - half.start)), 1.0 / law.exponent);
}

// SOC has turned: the half cycle up to the extreme is final, what came after begins the next one.
void finish_half_cycle(const AgeingParameters& p, CellAgeing& cell) {
  HalfCycle& half = cell.half_cycle;
  cell.cycle_capacity += weight_of_depth(p.cycle_capacity, half) * half.to_extreme.capacity;
  cell.cycle_resistance += weight_of_depth(p.cycle_resistance, half) * half.to_extreme.resistance;
  cell.full_cycles += half.to_extreme.full_cycles;
  half.start = half.extreme;
  half.direction = -half.direction;
  half.to_extreme = {};
}

void follow_soc(const AgeingParameters& p, double soc, CellAgeing& cell) {
  HalfCycle& half = cell.half_cycle;
  const double from_extreme = soc - half.extreme;
  if (half.direction == 0.0) {
    if (std::abs(from_extreme) < kDeadBand) return;
    half.direction = from_extreme > 0.0 ? 1.0 : -1.0;
  } else if (from_extreme * half.direction <= -kDeadBand) {
    finish_half_cycle(p, cell);
  } else if (from_extreme * half.direction <= 0.0) {
    return;
  }
  half.extreme = soc;
  add(half.since_extreme, half.to_extreme);
  half.since_extreme = {};
}

// Loss or increase by cycling, the present half cycle with the depth it has by now.
double by_cycling(const CycleLaw& law, double finished, double CycleThroughput::* weighted,
                  const HalfCycle& half) {
  const double present = half.to_extreme.*weighted + half.since_extreme.*weighted;
  return power(finished + weight_of_depth(law, half) * present, law.exponent);
}

void age_cell(const AgeingParameters& p, const Stress& s, CellAgeing& cell) {
  const auto add_calendar = [&](const CalendarLaw& law, double& to) {
    to += power(rate_of(law, s.soc, s.T_degC), 1.0 / law.exponent) * s.dt_s;
  };
  add_calendar(p.calendar_capacity, cell.calendar_capacity);
  add_calendar(p.calendar_resistance, cell.calendar_resistance);
  if (s.charge > 0.0) {
    const double rate = rate_of(p.cold_charge, s.per_h(s.charge), s.T_degC);
    cell.cold_charge += rate * rate * s.charge;
  }
  add(throughput_of(p, s, 1.0 - cell.capacity_factor), cell.half_cycle.since_extreme);
  follow_soc(p, s.soc, cell);

  const double loss = calendar_loss(p, cell) + cycle_loss(p, cell) + cold_charge_loss(cell);
  const double increase = resistance_increase(p, cell);
  cell.capacity_factor = std::max(kLeastCapacity, 1.0 - loss);
  cell.resistance_factor_r0 = 1.0 + kShareOfR0 * increase;
  cell.resistance_factor_rc = 1.0 + increase;
}

}  // namespace

AgeingState make_ageing_state(const CellArray& soc) {
  AgeingState state;
  state.cells.resize(static_cast<std::size_t>(soc.size()));
  for (Eigen::Index i = 0; i < soc.size(); ++i) {
    HalfCycle& half = state.cells[static_cast<std::size_t>(i)].half_cycle;
    half.start = soc[i];
    half.extreme = soc[i];
  }
  return state;
}

void age(const AgeingParameters& parameters, const Eigen::Ref<const CellArray>& soc,
         const CellArray& T_degC, const CellArray& charge_Ah, const CellArray& discharge_Ah,
         const CellArray& capacity_Ah, double dt_s, AgeingState& state) {
  for (Eigen::Index i = 0; i < soc.size(); ++i) {
    const Stress stress{soc[i], T_degC[i], charge_Ah[i] / capacity_Ah[i],
                        discharge_Ah[i] / capacity_Ah[i], dt_s};
    age_cell(parameters, stress, state.cells[static_cast<std::size_t>(i)]);
  }
}

double calendar_loss(const AgeingParameters& parameters, const CellAgeing& cell) {
  return power(cell.calendar_capacity, parameters.calendar_capacity.exponent);
}

double cycle_loss(const AgeingParameters& parameters, const CellAgeing& cell) {
  return by_cycling(parameters.cycle_capacity, cell.cycle_capacity, &CycleThroughput::capacity,
                    cell.half_cycle);
}

double cold_charge_loss(const CellAgeing& cell) {
  return std::sqrt(cell.cold_charge);
}

double resistance_increase(const AgeingParameters& parameters, const CellAgeing& cell) {
  return power(cell.calendar_resistance, parameters.calendar_resistance.exponent) +
         by_cycling(parameters.cycle_resistance, cell.cycle_resistance,
                    &CycleThroughput::resistance, cell.half_cycle);
}

double equivalent_full_cycles(const CellAgeing& cell) {
  return cell.full_cycles + cell.half_cycle.to_extreme.full_cycles +
         cell.half_cycle.since_extreme.full_cycles;
}

}  // namespace doppelpack::models
