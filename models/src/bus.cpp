// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "bus.hpp"

#include <algorithm>
#include <cmath>

namespace doppelpack::models {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLeak_S = 1e-30;  // decides where a bus with nothing on it comes to rest

// A current into the bus at one voltage, and how it falls with it.
struct Line {
  double current_A = 0.0;
  double slope_S = 0.0;
};

// Whether, and by which way, a branch with this voltage on its side of the cable conducts. What the
// terminals show without the pack decides, as in settle().
enum class Way { blocked, charge, discharge };

Way way_at(const BranchState& branch, double cable_end_V) {
  const PathElements& e = branch.elements;
  if (e.is_two_way) return Way::charge;
  const double drive_V = cable_end_V / (1.0 + e.short_S * branch.cable_Ohm) - branch.stack.emf_V;
  if (drive_V > e.charge.start_V) return Way::charge;
  return drive_V < -e.discharge.start_V ? Way::discharge : Way::blocked;
}

// The pack behind its terminals, short included: an emf behind a resistance.
Thevenin behind_terminals(const BranchState& branch, Way way) {
  const PathElements& e = branch.elements;
  const double drop_V = way == Way::charge ? e.charge.drop_V : -e.discharge.drop_V;
  const double r_Ohm =
      branch.stack.r_Ohm + (way == Way::charge ? e.charge.r_Ohm : e.discharge.r_Ohm);
  const double share = 1.0 / (1.0 + e.short_S * r_Ohm);
  return {(branch.stack.emf_V + drop_V) * share, r_Ohm * share};
}

// Out of the bus into the branch.
Line branch_at(const BranchState& branch, double bus_V) {
  const PathElements& e = branch.elements;
  if (!e.is_plugged) return {};
  const double cable_end_V = e.polarity * bus_V;
  const Way way = way_at(branch, cable_end_V);
  if (way == Way::blocked) {
    if (!(e.short_S > 0.0)) return {};
    const double slope_S = 1.0 / (branch.cable_Ohm + 1.0 / e.short_S);
    return {bus_V * slope_S, slope_S};
  }
  const Thevenin pack = behind_terminals(branch, way);
  const double slope_S = 1.0 / (pack.r_Ohm + branch.cable_Ohm);
  return {e.polarity * (cable_end_V - pack.emf_V) * slope_S, slope_S};
}

// The voltage on the bus at which a branch begins to conduct.
double corner_V(const BranchState& branch, Way way) {
  const PathElements& e = branch.elements;
  if (!e.is_plugged || e.is_two_way) return kInfinity;
  const double start_V = way == Way::charge ? e.charge.start_V : -e.discharge.start_V;
  return e.polarity * (branch.stack.emf_V + start_V) * (1.0 + e.short_S * branch.cable_Ohm);
}

// Everything on the bus but the active part of the stage: what it leaves over.
Line passive_at(const BusSource& source, std::span<const BranchState> branches, double bus_V) {
  Line line;
  for (const BranchState& branch : branches) {
    const Line part = branch_at(branch, bus_V);
    line.current_A -= part.current_A;
    line.slope_S += part.slope_S;
  }
  const double stage_S = source.stage.conductance_S + kLeak_S;
  line.current_A += source.hold_S * (source.held_V - bus_V) - stage_S * bus_V;
  line.slope_S += source.hold_S + stage_S;
  if (bus_V < -source.clamp_V) {
    line.current_A -= (bus_V + source.clamp_V) / source.clamp_Ohm;
    line.slope_S += 1.0 / source.clamp_Ohm;
  }
  return line;
}

// The bus voltage lies strictly between.
struct Bounds {
  double low_V = -kInfinity;
  double high_V = kInfinity;

  bool contain(double bus_V) const { return bus_V > low_V && bus_V < high_V; }
};

// Of the corners between the bounds the one nearest to their middle. There is one wherever Newton
// would leave them.
double middle_corner_V(const BusSource& source, std::span<const BranchState> branches,
                       const Bounds& bounds) {
  const double middle_V = 0.5 * bounds.low_V + 0.5 * bounds.high_V;
  double best_V = kInfinity;
  const auto consider = [&](double bus_V) {
    if (bounds.contain(bus_V) && !(std::abs(bus_V - middle_V) >= std::abs(best_V - middle_V)))
      best_V = bus_V;
  };
  for (const BranchState& branch : branches) {
    consider(corner_V(branch, Way::charge));
    consider(corner_V(branch, Way::discharge));
  }
  consider(-source.clamp_V);
  return best_V < kInfinity ? best_V : middle_V;
}

// Where what is left over is 0, with a constant active current.
double root_V(const BusSource& source, std::span<const BranchState> branches, double active_A,
              double bus_V, Bounds bounds) {
  // On a corner only a leak may be left, and pull the bus far away on one of its sides.
  constexpr double kNothing_A = 1e-15;
  // Every corner and every piece once, then rounding.
  const int most_tries = 8 * static_cast<int>(branches.size()) + 64;
  for (int tries = 0; tries < most_tries; ++tries) {
    const Line line = passive_at(source, branches, bus_V);
    const double left_A = line.current_A + active_A;
    if (left_A == 0.0 || (tries > 0 && std::abs(left_A) < kNothing_A)) return bus_V;
    (left_A > 0.0 ? bounds.low_V : bounds.high_V) = bus_V;
    const double next_V = bus_V + left_A / line.slope_S;
    // No double is nearer to it.
    if (next_V == bus_V) return bus_V;
    bus_V = bounds.contain(next_V) ? next_V : middle_corner_V(source, branches, bounds);
    if (!bounds.contain(bus_V)) return next_V;
  }
  return bus_V;
}

// The stage's active part gives way at the edge of its window: there the current jumps.
double bus_voltage(const BusSource& source, std::span<const BranchState> branches, double guess_V) {
  const TerminalSource& stage = source.stage;
  if (stage.current_A == 0.0) return root_V(source, branches, 0.0, guess_V, {});
  const bool is_charge = stage.current_A > 0.0;
  const double edge_V = is_charge ? stage.max_V : stage.min_V;
  const double passive_A = passive_at(source, branches, edge_V).current_A;
  const double active_A = passive_A + stage.current_A;
  if (std::min(passive_A, active_A) <= 0.0 && std::max(passive_A, active_A) >= 0.0) return edge_V;
  const bool is_above = passive_A > 0.0;
  const Bounds bounds = is_above ? Bounds{edge_V, kInfinity} : Bounds{-kInfinity, edge_V};
  const double active_share = is_above == is_charge ? 0.0 : 1.0;
  const double start_V = bounds.contain(guess_V) ? guess_V : edge_V;
  return root_V(source, branches, active_share * stage.current_A, start_V, bounds);
}

// Currents and voltages of one branch, by the code that a pack alone uses: a link so large that it
// is a voltage source to rounding.
void settle_branch(double bus_V, BranchState& branch) {
  PowerPathParameters held;
  held.link_F = 1e6;
  held.cable_Ohm = branch.cable_Ohm;
  held.clamp_V = kInfinity;
  PowerPathState path;
  path.link_V = bus_V;
  settle(held, branch.elements, {}, branch.stack, 0.0, path);
  branch.bus_A = branch.elements.polarity * path.cable_A;
  branch.current_A = path.current_A;
  branch.terminal_V = path.terminal_V;
}

}  // namespace

BusPoint meet_on_bus(const BusSource& source, double guess_V, std::span<BranchState> branches) {
  BusPoint point;
  point.bus_V = bus_voltage(source, branches, guess_V);
  point.source_A = source.hold_S * (point.bus_V - source.held_V);
  for (BranchState& branch : branches) {
    settle_branch(point.bus_V, branch);
    point.source_A += branch.bus_A;
  }
  return point;
}

}  // namespace doppelpack::models
