// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/transient.hpp"

#include <algorithm>

#include "circuit.hpp"

namespace doppelpack::models {

namespace {

CircuitMatrix outer(const CircuitVector& x) {
  const std::array<double, 4> whole{x[kPack], x[kCable], x[kLink], 1.0};
  CircuitMatrix square;
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j) square[i][j] = whole[i] * whole[j];
  return square;
}

CircuitVector moved(const CircuitMatrix& g, const CircuitVector& x) {
  CircuitVector next;
  for (std::size_t i = 0; i < 3; ++i)
    next[i] = x[i] + ((g[i][kPack] * x[kPack] + g[i][kCable] * x[kCable]) +
                      (g[i][kLink] * x[kLink] + g[i][kOne]));
  return next;
}

bool is_inside(const Segment& segment, const CircuitVector& x) {
  bool is_out = false;
  for (std::size_t i = 0; i < 3; ++i)
    is_out = is_out || x[i] < segment.low[i] || x[i] > segment.high[i];
  return !is_out;
}

// What looks at the current at the end of every step.
struct Watch {
  const PowerPathParameters& parameters;
  const Hardware& hardware;
  const ComparatorBank& bank;
  PowerPathState& state;
  const BreakerParameters& breaker;
  double peak_A = 0.0;
  bool is_tripped = false;
  bool is_opened = false;

  // True if something acted.
  bool step(double current_A) {
    const double dt_s = parameters.step_s;
    const double current_A2 = current_A * current_A;
    peak_A = std::max(peak_A, std::abs(current_A));
    is_tripped = watch(bank, comparator_reading_A(hardware, current_A), dt_s, state.comparators);
    is_opened = advance(parameters.fuse, current_A2, dt_s, state.fuse);
    if (breaker.is_fitted && advance(breaker, current_A2, dt_s, state.breaker)) is_opened = true;
    return is_tripped || is_opened;
  }
};

struct Walk {
  int steps = 0;
  bool is_leaving = false;  ///< the next step would leave the segment
};

// Whole steps within one segment. `starts` becomes the sum of x x^T over the starts of the steps.
Walk walk(const Segment& segment, const CircuitMatrix& g, int count, Watch& watch, CircuitVector& x,
          CircuitMatrix& starts) {
  CircuitMatrix sum{};
  Walk done;
  while (done.steps < count) {
    const CircuitVector next = moved(g, x);
    done.is_leaving = !is_inside(segment, next);
    if (done.is_leaving) break;
    for (std::size_t i = 0; i < kOne; ++i) {
      for (std::size_t j = i; j < kOne; ++j) sum[i][j] += x[i] * x[j];
      sum[i][kOne] += x[i];
    }
    x = next;
    ++done.steps;
    if (watch.step(x[kPack])) break;
  }
  sum[kOne][kOne] = done.steps;
  for (std::size_t i = 0; i <= kOne; ++i)
    for (std::size_t j = 0; j <= kOne; ++j) starts[i][j] = sum[std::min(i, j)][std::max(i, j)];
  return done;
}

struct Crossing {
  std::size_t index = kOne;  ///< kOne: none
  double after_s = 0.0;
  double bound = 0.0;
};

// A time and how far an unknown is beyond its bound then.
struct Probe {
  double at_s = 0.0;
  double beyond = 0.0;
};

double beyond_at(const CircuitMatrix& equations, const CircuitVector& x, std::size_t index,
                 double bound, double at_s) {
  return moved(growth(equations, at_s), x)[index] - bound;
}

// When one unknown, inside now and outside after time_s, meets its bound: regula falsi (Illinois).
double crossing_s(const CircuitMatrix& equations, const CircuitVector& x, std::size_t index,
                  double bound, double time_s, double beyond_after) {
  constexpr int kMostTries = 60;
  const bool is_above = beyond_after > 0.0;
  Probe low{0.0, x[index] - bound};
  Probe high{time_s, beyond_after};
  // On the bound it may go inside first and come back: a moment when it is inside brackets that.
  for (int i = 0; i < kMostTries && (low.beyond == 0.0 || (low.beyond > 0.0) == is_above); ++i) {
    const double at_s = 0.5 * high.at_s;
    const Probe probe{at_s, beyond_at(equations, x, index, bound, at_s)};
    const bool is_outside = probe.beyond == 0.0 || (probe.beyond > 0.0) == is_above;
    (is_outside ? high : low) = probe;
  }
  if (low.at_s == 0.0 && (low.beyond == 0.0 || (low.beyond > 0.0) == is_above)) return 0.0;
  int side = 0;
  for (int i = 0; i < kMostTries && high.at_s - low.at_s > 1e-14 * time_s; ++i) {
    const double at_s =
        low.at_s + (high.at_s - low.at_s) * (low.beyond / (low.beyond - high.beyond));
    const Probe probe{at_s, beyond_at(equations, x, index, bound, at_s)};
    if (std::abs(probe.beyond) <= 1e-13 * std::abs(bound) + 1e-15) return at_s;
    const int now = (probe.beyond > 0.0) == is_above ? -1 : 1;
    (now > 0 ? low : high) = probe;
    if (now == side) (now > 0 ? high : low).beyond *= 0.5;
    side = now;
  }
  return high.at_s;
}

Crossing first_crossing(const Segment& segment, const CircuitVector& x, const CircuitVector& after,
                        double time_s) {
  Crossing first;
  for (std::size_t i = 0; i < 3; ++i) {
    if (!(after[i] < segment.low[i] || after[i] > segment.high[i])) continue;
    const double bound = after[i] < segment.low[i] ? segment.low[i] : segment.high[i];
    const double s = crossing_s(segment.equations, x, i, bound, time_s, after[i] - bound);
    if (first.index == kOne || s < first.after_s) first = {i, s, bound};
  }
  return first;
}

// The cable's own inductive voltage, integrated: what its current gained.
double inductive_Vs(const Circuit& circuit, double from_A, double to_A) {
  return circuit.parameters.cable_H * (to_A - from_A);
}

void move_within(const Circuit& circuit, Mode mode, const Segment& segment, double time_s,
                 CircuitVector& x, TransientSums& sums) {
  const CircuitVector next = moved(growth(segment.equations, time_s), x);
  account(circuit, mode, moments(segment.equations, outer(x), time_s),
          inductive_Vs(circuit, x[kCable], next[kCable]), sums);
  x = next;
}

void put_on_bound(const Circuit& circuit, const Crossing& crossing, CircuitVector& x) {
  x[crossing.index] = crossing.bound;
  if (circuit.has_short) return;
  if (crossing.index == kPack) x[kCable] = crossing.bound;
  if (crossing.index == kCable) x[kPack] = crossing.bound;
}

// One step with one or more changes of mode in it.
void step_across(const Circuit& circuit, Mode mode, CircuitVector& x, TransientSums& sums) {
  constexpr int kMostEvents = 16;  // beyond, modes alternate by rounding alone
  double left_s = circuit.parameters.step_s;
  for (int i = 0; i < kMostEvents; ++i) {
    const Segment segment = make_segment(circuit, mode);
    const CircuitVector after = moved(growth(segment.equations, left_s), x);
    const Crossing crossing = first_crossing(segment, x, after, left_s);
    if (crossing.index == kOne) break;
    move_within(circuit, mode, segment, crossing.after_s, x, sums);
    put_on_bound(circuit, crossing, x);
    left_s -= crossing.after_s;
    mode = mode_after(circuit, mode, x);
  }
  move_within(circuit, mode, make_segment(circuit, mode), left_s, x, sums);
}

// Up to `count` steps without a change from outside; fewer if something acted or the mode changed.
int run_block(const Circuit& circuit, int count, Watch& watch, CircuitVector& x,
              TransientSums& sums) {
  const Mode mode = mode_at(circuit, x);
  const PathDirection direction = direction_of(circuit, mode.flow);
  // The energy in a pulse is looked at after every step: a group may melt in the middle of it.
  if (direction.charge_avalanche_V > 0.0 || direction.discharge_avalanche_V > 0.0) count = 1;

  const double step_s = circuit.parameters.step_s;
  const Segment segment = make_segment(circuit, mode);
  const double before_A = x[kCable];
  CircuitMatrix starts;
  const Walk done = walk(segment, growth(segment.equations, step_s), count, watch, x, starts);
  if (done.steps > 0)
    account(circuit, mode, moments(segment.equations, starts, step_s),
            inductive_Vs(circuit, before_A, x[kCable]), sums);
  if (!done.is_leaving) return done.steps;
  step_across(circuit, mode, x, sums);
  watch.step(x[kPack]);
  return done.steps + 1;
}

double contacts_change_s(const PowerPathParameters& p, const Hardware& hardware,
                         const PathInputs& inputs, const PowerPathState& state) {
  if (!p.has_relays) return kAtRest_s;
  return std::min(
      {next_change_s(p.contact, hardware.main_relay_1, inputs.main_1, state.main_1),
       next_change_s(p.contact, hardware.main_relay_2, inputs.main_2, state.main_2),
       next_change_s(p.contact, hardware.precharge_relay, inputs.precharge, state.precharge)});
}

int steps_within(double time_s, double step_s, int most) {
  const double steps = time_s / step_s;
  if (!(steps < most)) return most;
  const int whole = static_cast<int>(steps + (1.0 - 1e-3));  // up, but for rounding
  return std::clamp(whole, 1, most);
}

void strain_contacts(const PowerPathParameters& p, const Hardware& hardware,
                     const PathElements& elements, double peak_A, PowerPathState& state) {
  const bool is_precharging =
      elements.precharge_Ohm > 0.5 * p.precharge_Ohm * hardware.precharge_factor;
  strain(p.contact, peak_A, state.main_2);
  strain(p.contact, peak_A, is_precharging ? state.precharge : state.main_1);
}

// A pulse ends with the first block that adds nothing to it. True if the group melted just now.
bool load_switch(const SwitchParameters& p, double block_J, SwitchState& state) {
  state.avalanche_J = block_J > 0.0 ? state.avalanche_J + block_J : 0.0;
  if (state.is_molten || state.avalanche_J <= p.avalanche_limit_J) return false;
  state.is_molten = true;
  return true;
}

bool load_switches(const PowerPathParameters& p, const PathHeat& before, const PathHeat& after,
                   PowerPathState& state) {
  const bool is_charge = load_switch(
      p.charge_switch, after.charge_avalanche_J - before.charge_avalanche_J, state.charge_switch);
  const bool is_discharge =
      load_switch(p.discharge_switch, after.discharge_avalanche_J - before.discharge_avalanche_J,
                  state.discharge_switch);
  return is_charge || is_discharge;
}

// What cannot go on flowing when the circuit was changed by hand between two runs.
void reconcile(const Circuit& circuit, PowerPathState& state, PathHeat& heat) {
  const PowerPathParameters& p = circuit.parameters;
  const double before_J = stored_J(p, state);
  if (!circuit.elements.is_plugged) state.cable_A = 0.0;
  if (!circuit.has_short) {
    // Two inductances in series: their flux stays.
    const double loop_A =
        (p.loop_H * state.current_A + p.cable_H * state.cable_A) / (p.loop_H + p.cable_H);
    state.current_A = state.cable_A = circuit.elements.is_plugged ? loop_A : 0.0;
  }
  heat.arc_J += before_J - stored_J(p, state);
}

void write_state(const Circuit& circuit, const CircuitVector& x, PowerPathState& state) {
  state.current_A = x[kPack];
  state.cable_A = x[kCable];
  state.link_V = x[kLink];
  state.terminal_V = terminal_V(circuit, mode_at(circuit, x), x);
}

bool is_near(double current_A, double settled_A) {
  constexpr double kNear_A = 0.05;
  constexpr double kNearShare = 1e-3;
  return std::abs(current_A - settled_A) <= kNear_A + kNearShare * std::abs(settled_A);
}

bool are_near(const PowerPathState& state, const PowerPathState& settled) {
  return is_near(state.current_A, settled.current_A) && is_near(state.cable_A, settled.cable_A);
}

// Far from ringing: the current follows the link with a delay of microseconds.
bool is_strongly_damped(const PowerPathParameters& p, const PathElements& elements,
                        const Thevenin& stack, double current_A) {
  constexpr double kMargin = 16.0;
  const bool is_blocked = current_A == 0.0 && !elements.is_two_way;
  const bool has_short = elements.short_S > 0.0;
  if (has_short && !is_blocked) return false;  // two loops
  if (!has_short && is_blocked) return true;
  const PathDirection& direction = current_A > 0.0 ? elements.charge : elements.discharge;
  const double r_Ohm =
      p.cable_Ohm + (has_short ? 1.0 / elements.short_S : stack.r_Ohm + direction.r_Ohm);
  const double loop_H = p.cable_H + (has_short ? 0.0 : p.loop_H);
  return r_Ohm * r_Ohm * p.link_F > kMargin * 4.0 * loop_H;
}

}  // namespace

TransientSums run_transient(const PowerPathParameters& p, const Hardware& hardware,
                            const ComparatorBank& bank, const PathInputs& inputs,
                            const Thevenin& stack, int steps, PathElements& elements,
                            PowerPathState& state) {
  TransientSums sums;
  const Circuit circuit = make_circuit(p, elements, inputs.source, stack);  // follows `elements`
  reconcile(circuit, state, sums.heat);
  CircuitVector x{state.current_A, state.cable_A, state.link_V};
  const BreakerParameters breaker = as_it_is(p.breaker, hardware);
  while (sums.steps < steps && !sums.is_tripped) {
    const PathHeat before = sums.heat;
    const int most =
        steps_within(contacts_change_s(p, hardware, inputs, state), p.step_s, steps - sums.steps);
    Watch watch{p, hardware, bank, state, breaker, std::abs(x[kPack])};
    const int done = run_block(circuit, most, watch, x, sums);
    sums.steps += done;
    sums.peak_A = std::max(sums.peak_A, watch.peak_A);
    sums.is_tripped = watch.is_tripped;

    strain_contacts(p, hardware, elements, watch.peak_A, state);
    const bool is_moved = advance_contacts(p, hardware, inputs, done * p.step_s, state);
    const bool is_molten = load_switches(p, before, sums.heat, state);
    if (!(is_moved || is_molten || watch.is_opened || watch.is_tripped)) continue;
    elements = compose(p, hardware, inputs, state);
    sums.is_changed = true;
  }
  write_state(circuit, x, state);
  return sums;
}

bool is_settled(const PowerPathParameters& p, const Hardware& hardware, const PathInputs& inputs,
                const Thevenin& stack, const PathElements& elements, const PowerPathState& state) {
  constexpr double kAhead_s = 1e-3;
  constexpr double kRinging_V = 5e-3;
  constexpr double kDrifting_V = 0.5;
  if (is_counting(state.comparators)) return false;
  if (contacts_change_s(p, hardware, inputs, state) < kAtRest_s) return false;
  if (state.charge_switch.avalanche_J > 0.0 || state.discharge_switch.avalanche_J > 0.0)
    return false;

  PowerPathState settled = state;
  settle(p, elements, inputs.source, stack, 0.0, settled);
  if (!are_near(state, settled)) return false;
  const bool is_damped = is_strongly_damped(p, elements, stack, settled.current_A);
  settled.link_V = state.link_V;
  settle(p, elements, inputs.source, stack, kAhead_s, settled);
  const double ahead_V = std::abs(state.link_V - settled.link_V);
  return is_damped ? ahead_V <= kDrifting_V : ahead_V <= kRinging_V && are_near(state, settled);
}

}  // namespace doppelpack::models
