// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/bank.hpp"

#include <algorithm>
#include <cmath>

#include "bus.hpp"
#include "pack_step.hpp"

namespace doppelpack::models {

namespace {

using Modules = std::span<const BankModule>;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

void add(const PathDirection& part, PathDirection& whole) {
  whole.r_Ohm += part.r_Ohm;
  whole.drop_V += part.drop_V;
  whole.start_V += part.start_V;
}

// One module more towards the busbar.
void add(const PackParameters& p, const PathElements& elements, const Thevenin& stack,
         BranchState& branch) {
  add(elements.charge, branch.elements.charge);
  add(elements.discharge, branch.elements.discharge);
  branch.elements.is_two_way = branch.elements.is_two_way && elements.is_two_way;
  branch.stack.emf_V += stack.emf_V;
  branch.stack.r_Ohm += stack.r_Ohm;
  branch.cable_Ohm += p.path.cable_Ohm;
}

void compose_branches(const BankParameters& p, Modules modules, BankState& state) {
  for (int b = 0; b < p.parallel; ++b) {
    BranchState& branch = state.branches[at(b)];
    const int first = b * p.series;
    branch.elements = modules[at(first)].state.elements;
    branch.stack = state.stacks[at(first)];
    branch.cable_Ohm = modules[at(first)].parameters.path.cable_Ohm;
    for (int m = first + 1; m < first + p.series; ++m)
      add(modules[at(m)].parameters, modules[at(m)].state.elements, state.stacks[at(m)], branch);
  }
}

// Everything up to the electrical solution.
void join_modules(const BankParameters& p, Modules modules, BankState& state) {
  for (std::size_t m = 0; m < modules.size(); ++m) {
    const BankModule& module = modules[m];
    state.stacks[m] = join(module.parameters, module.hardware, module.inputs, module.state);
  }
  compose_branches(p, modules, state);
}

// What a module has between its own terminals while its branch carries a current.
double own_terminal_V(const Thevenin& stack, const PathElements& elements, double current_A) {
  double terminal_V = stack.emf_V + stack.r_Ohm * current_A;
  if (current_A > 0.0) terminal_V += elements.charge.drop_V + elements.charge.r_Ohm * current_A;
  if (current_A < 0.0)
    terminal_V += elements.discharge.r_Ohm * current_A - elements.discharge.drop_V;
  return terminal_V;
}

void spread_bus(const BankParameters& p, Modules modules, BankState& state) {
  for (std::size_t m = 0; m < modules.size(); ++m) {
    const BranchState& branch = state.branches[m / at(p.series)];
    const PathElements& own = modules[m].state.elements;
    PowerPathState& path = modules[m].state.path;
    path.current_A = branch.current_A;
    path.cable_A = branch.elements.polarity * branch.bus_A;
    path.link_V = state.bus_V;
    path.terminal_V =
        p.series == 1 ? branch.terminal_V : own_terminal_V(state.stacks[m], own, branch.current_A);
    path.peak_A = std::max(path.peak_A, std::abs(path.current_A));
  }
}

// The bus after dt_s, with the cells as they are now.
void settle_bus(const BankParameters& p, Modules modules, const TerminalSource& stage,
                double held_V, double dt_s, BankState& state) {
  const BusSource source{stage, p.link_F / dt_s, held_V, p.clamp_V, p.clamp_Ohm};
  const BusPoint point = meet_on_bus(source, state.bus_V, state.branches);
  state.bus_V = point.bus_V;
  state.source_A = point.source_A;
  state.elapsed_s = dt_s;
  spread_bus(p, modules, state);
}

double trip_s(const ComparatorParameters& p, double reading_A, const ComparatorState& state) {
  if (!(p.threshold_A > 0.0 && reading_A > p.threshold_A) || state.is_latched) return kAtRest_s;
  return p.delay_s - state.over_s;
}

// How long the present currents may last before the first comparator trips.
double first_trip_s(Modules modules) {
  double first_s = kAtRest_s;
  for (const BankModule& module : modules) {
    const ComparatorBank& bank = module.parameters.comparators;
    const PowerPathState& path = module.state.path;
    const double reading_A = comparator_reading_A(module.hardware, path.current_A);
    first_s = std::min({first_s, trip_s(bank.scd, -reading_A, path.comparators.scd),
                        trip_s(bank.ocd, -reading_A, path.comparators.ocd),
                        trip_s(bank.occ, reading_A, path.comparators.occ)});
  }
  return first_s;
}

// At most dt_s. Returns how long it took.
double bank_part(const BankParameters& p, Modules modules, const TerminalSource& source,
                 double dt_s, BankState& state) {
  constexpr double kShortest_s = 1e-6;  // as the steps of a pack's transient
  const double held_V = state.bus_V;
  join_modules(p, modules, state);
  settle_bus(p, modules, source, held_V, dt_s, state);
  const double trip_after_s = std::max(first_trip_s(modules), kShortest_s);
  if (trip_after_s < dt_s) {
    dt_s = trip_after_s;
    settle_bus(p, modules, source, held_V, dt_s, state);
  }
  for (std::size_t m = 0; m < modules.size(); ++m) {
    const BankModule& module = modules[m];
    follow(module.parameters, module.hardware, module.inputs, state.stacks[m], dt_s, module.state);
  }
  return dt_s;
}

}  // namespace

BankState make_bank_state(const BankParameters& p) {
  BankState state;
  state.branches.resize(at(p.parallel));
  state.stacks.resize(at(p.module_count()));
  return state;
}

void step(const BankParameters& p, Modules modules, const TerminalSource& source, double dt_s,
          BankState& state) {
  constexpr double kRounding_s = 1e-12;
  const int parts = 1 + static_cast<int>(dt_s * (0.999999 / kLongestPart_s));  // as a pack
  for (int i = 0; i < parts; ++i) {
    double left_s = dt_s / parts;
    while (left_s > kRounding_s) left_s -= bank_part(p, modules, source, left_s, state);
  }
}

void solve(const BankParameters& p, Modules modules, const TerminalSource& source,
           BankState& state) {
  join_modules(p, modules, state);
  settle_bus(p, modules, source, state.bus_V, kAtRest_s, state);
  for (std::size_t m = 0; m < modules.size(); ++m)
    show(modules[m].parameters, state.stacks[m], modules[m].state);
}

}  // namespace doppelpack::models
