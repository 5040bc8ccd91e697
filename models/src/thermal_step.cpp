// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A thermal network over time: short steps by a series, long ones by its modes.
#include <algorithm>
#include <cmath>
#include <utility>

#include "models/exponential.hpp"
#include "models/thermal_network.hpp"
#include "pair.hpp"
#include "thermal_nodes.hpp"

namespace doppelpack::models {

namespace {

// Heat arriving (W) at the cells of one branch from links, case and the neighbours in series.
void find_branch_flows(const ThermalNetwork& n, const double* cell, const double* link, double box,
                       const double* to_case, double* flow) {
  const double face = n.paths.face_W_per_K;
  const double bolt = n.paths.link_to_cell_W_per_K;
  const int last = n.positions - 1;
  for_pairs(last - 1, [=]<int kCells>(std::ptrdiff_t i, std::integral_constant<int, kCells>) {
    const Pair left = load<kCells>(cell + i);
    const Pair here = load<kCells>(cell + i + 1);
    const Pair right = load<kCells>(cell + i + 2);
    const Pair over_faces = (left - here) + (right - here);
    const Pair over_bolts = (load<kCells>(link + i) - here) + (load<kCells>(link + i + 1) - here);
    store<kCells>(flow + i + 1, face * over_faces + bolt * over_bolts +
                                    load<kCells>(to_case + i + 1) * (box - here));
  });

  flow[0] = bolt * (link[0] - cell[0]) + to_case[0] * (box - cell[0]);
  if (last == 0) return;
  flow[0] += face * (cell[1] - cell[0]);
  flow[last] = face * (cell[last - 1] - cell[last]) +
               bolt * ((link[last - 1] - cell[last]) + (link[last] - cell[last])) +
               to_case[last] * (box - cell[last]);
}

// Likewise at the links, from the cells of one branch, added.
void add_link_flows(const ThermalNetwork& n, const double* cell, const double* link, double* flow) {
  const double bolt = n.paths.link_to_cell_W_per_K;
  const int last = n.positions - 1;
  for_pairs(last, [=]<int kCells>(std::ptrdiff_t i, std::integral_constant<int, kCells>) {
    const Pair here = load<kCells>(link + i);
    const Pair over_bolts = (load<kCells>(cell + i) - here) + (load<kCells>(cell + i + 1) - here);
    store<kCells>(flow + i, load<kCells>(flow + i) + bolt * over_bolts);
  });
  flow[last] += bolt * (cell[last] - link[last]);
}

void add_flows_between_branches(const ThermalNetwork& n, const double* cell, double* flow) {
  const double branch = n.paths.branch_W_per_K;
  const Eigen::Index pairs = static_cast<Eigen::Index>(n.branches - 1) * n.positions;
  for (Eigen::Index i = 0; i < pairs; ++i) {
    const double across = branch * (cell[i + n.positions] - cell[i]);
    flow[i] += across;
    flow[i + n.positions] -= across;
  }
}

// What the cells give to the case, added in one fixed order.
double cells_to_case_W(const double* cell, double box, const double* to_case, Eigen::Index count) {
  Pair even = both(0.0);  // two chains of two: an addition takes four cycles
  Pair odd = even;
  Eigen::Index i = 0;
  for (; i + 4 <= count; i += 4) {
    even += load(to_case + i) * (load(cell + i) - box);
    odd += load(to_case + i + 2) * (load(cell + i + 2) - box);
  }
  const Pair four = even + odd;
  double sum = four[0] + four[1];
  for (; i < count; ++i) sum += to_case[i] * (cell[i] - box);
  return sum;
}

// Heat arriving at every node for node values y and that of the ambient.
void find_flows(const ThermalNetwork& n, const ThermalNodes& at, const double* y, double ambient,
                double* flow) {
  const HeatPathParameters& p = n.paths;
  const double* const link = y + at.cells;
  const double* const to_case = n.cell_to_case_W_per_K.data();
  const double box = y[at.box];

  std::fill_n(flow + at.cells, at.links, 0.0);
  for (Eigen::Index first = 0; first < at.cells; first += n.positions) {
    find_branch_flows(n, y + first, link, box, to_case + first, flow + first);
    add_link_flows(n, y + first, link, flow + at.cells);
  }
  if (n.branches > 1) add_flows_between_branches(n, y, flow);

  const double terminal = p.terminal_to_case_W_per_K * (y[at.mosfet - 1] - box);
  const double spreader = p.mosfet_to_case_W_per_K * (y[at.mosfet] - box);
  const double copper = p.mosfet_to_board_W_per_K * (y[at.mosfet] - y[at.board]);
  const double standoffs = p.board_to_case_W_per_K * (y[at.board] - box);
  flow[at.mosfet - 1] -= terminal;
  flow[at.mosfet] = -spreader - copper;
  flow[at.board] = copper - standoffs;
  flow[at.box] = ((terminal + spreader) + standoffs) + cells_to_case_W(y, box, to_case, at.cells) +
                 p.case_to_ambient_W_per_K * (ambient - box);
}

// A part may be this many times the fastest time constant (by its bound): the terms of the series
// then grow to 2 before they shrink, which costs no digits, and 19 of them are enough.
constexpr double kLongestPart = 2.0;
constexpr double kTolerance = 1e-12;  // first term dropped, relative to the first one

// rate_times_dt <= kLongestPart.
int order_for(double rate_times_dt) {
  int order = 0;
  double dropped = rate_times_dt / 2.0;
  for (; dropped > kTolerance; ++order) dropped *= rate_times_dt / (order + 3);
  return order;
}

// A bead behind a source that moves from s0 to s1 in dt:
//   bead += (1 - exp(-x)) (s0 - bead) + (1 - (1 - exp(-x)) / x) (s1 - s0),  x = dt / tau.
void hold_beads(const ThermalNetwork& n, double part_s, ThermalState& state) {
  for (std::size_t i = 0; i < n.beads.size(); ++i) {
    const auto k = static_cast<Eigen::Index>(i);
    const double tau_s = n.beads[i].tau_s;
    state.held_bead_share[k] = 1.0;
    state.held_bead_ramp[k] = 1.0;
    if (tau_s <= 0.0) continue;
    const double x = part_s / tau_s;
    const double share = x < 1e-3 ? small_decay(x) : 1.0 - exponential(-x);
    state.held_bead_share[k] = share;
    state.held_bead_ramp[k] = 1.0 - share / x;
  }
}

void hold(const ThermalNetwork& n, double dt_s, ThermalState& state) {
  const bool has_modes = n.modes.rate_per_s.size() > 0;
  if (state.held_dt_s == dt_s && (has_modes || !state.is_held_by_modes)) return;
  state.held_dt_s = dt_s;
  const double parts = n.fastest_per_s * dt_s * (1.0 / kLongestPart);
  state.is_held_by_modes = parts > 1.0 && has_modes;
  state.held_parts = state.is_held_by_modes ? 1 : 1 + static_cast<int>(parts);
  const double part_s = dt_s / state.held_parts;
  if (!state.is_held_by_modes) state.held_order = order_for(n.fastest_per_s * part_s);
  hold_beads(n, part_s, state);
}

void read_bead_sources(const ThermalNetwork& n, double ambient_degC, ThermalState& state) {
  for (std::size_t i = 0; i < n.bead_node.size(); ++i) {
    const int node = n.bead_node[i];
    state.bead_source_degC[static_cast<Eigen::Index>(i)] =
        node < 0 ? ambient_degC : state.node_degC[node];
  }
}

void advance_beads(const ThermalNetwork& n, ThermalState& state) {
  for (std::size_t i = 0; i < n.bead_node.size(); ++i) {
    const auto k = static_cast<Eigen::Index>(i);
    const int node = n.bead_node[i];
    const double from_degC = state.bead_source_degC[k];
    const double to_degC = node < 0 ? from_degC : state.node_degC[node];
    double& bead_degC = state.bead_degC[k];
    bead_degC += state.held_bead_share[k] * (from_degC - bead_degC) +
                 state.held_bead_ramp[k] * (to_degC - from_degC);
  }
}

// heat (J over dt_s) as power, on top of the flows.
void add_heat(const HeatInput& heat, double per_s, const ThermalNodes& at, double* flow_W) {
  const double* const cell_J = heat.cell_J.data();
  const double* const link_J = heat.link_J.data();
  for (Eigen::Index i = 0; i < at.cells; ++i) flow_W[i] += cell_J[i] * per_s;
  for (Eigen::Index i = 0; i < at.links; ++i) flow_W[at.cells + i] += link_J[i] * per_s;
  flow_W[at.mosfet] += heat.mosfet_J * per_s;
  flow_W[at.board] += heat.board_J * per_s;
  flow_W[at.box] += heat.case_J * per_s;
}

// From heat flows to a term of the series, which joins the rise.
void finish_term(const double* K_per_J, double factor_s, Eigen::Index count, double* term,
                 double* rise) {
  for_pairs(count, [=]<int kNodes>(std::ptrdiff_t i, std::integral_constant<int, kNodes>) {
    const Pair value = load<kNodes>(term + i) * (load<kNodes>(K_per_J + i) * factor_s);
    store<kNodes>(term + i, value);
    store<kNodes>(rise + i, load<kNodes>(rise + i) + value);
  });
}

void take_rise(Eigen::Index count, const double* rise, double* degC, double* owed) {
  for_pairs(count, [=]<int kNodes>(std::ptrdiff_t i, std::integral_constant<int, kNodes>) {
    const Pair before = load<kNodes>(degC + i);
    const Pair due = load<kNodes>(rise + i) + load<kNodes>(owed + i);
    const Pair after = before + due;
    store<kNodes>(degC + i, after);
    store<kNodes>(owed + i, due - (after - before));
  });
}

// One part of the step; returns the heat to the ambient (J).
double advance_part(const ThermalNetwork& n, const ThermalNodes& at, const HeatInput& heat,
                    double ambient_degC, double part_s, double per_s, ThermalState& state) {
  double* term = state.term_K.data();
  double* next = state.next_term_K.data();
  double* const rise = state.rise_K.data();
  const double* const K_per_J = n.node_K_per_J.data();

  // Integral over the part of the case's excess over the ambient: h (excess + sum of term/(k+2)).
  double excess_K = state.node_degC[at.box] - ambient_degC;
  std::fill_n(rise, at.count, 0.0);
  find_flows(n, at, state.node_degC.data(), ambient_degC, term);
  add_heat(heat, per_s, at, term);
  finish_term(K_per_J, part_s, at.count, term, rise);
  for (int k = 1; k <= state.held_order; ++k) {
    const double per_next = 1.0 / (k + 1);
    excess_K += per_next * term[at.box];
    find_flows(n, at, term, 0.0, next);
    finish_term(K_per_J, part_s * per_next, at.count, next, rise);
    std::swap(term, next);
  }
  take_rise(at.count, rise, state.node_degC.data(), state.owed_K.data());
  return n.paths.case_to_ambient_W_per_K * excess_K * part_s;
}

// out += table x, a column at a time: every sum in the order of the columns.
void add_product(const CellTable& table, const double* x, double* out) {
  const Eigen::Index rows = table.rows();
  for (Eigen::Index j = 0; j < table.cols(); ++j) {
    const double* const column = table.data() + j * rows;
    for (Eigen::Index i = 0; i < rows; ++i) out[i] += column[i] * x[j];
  }
}

// exp(-rate t) integrated over dt, and the integral of that integral.
struct Ramps {
  double once_s = 0.0;
  double twice_s2 = 0.0;
};

Ramps ramps(double rate_per_s, double dt_s) {
  const double x = rate_per_s * dt_s;
  if (x >= 0.05) {
    const double once_s = (1.0 - exponential(-x)) / rate_per_s;
    return {once_s, (dt_s - once_s) / rate_per_s};
  }
  // The differences above would cancel. The first term left out is below 1e-16.
  constexpr int kTerms = 9;
  double once = 0.0;
  double twice = 0.0;
  for (int k = kTerms; k > 0; --k) {
    once = (1.0 - x * once) / k;
    twice = (1.0 - x * twice) / (k + 1);
  }
  return {once * dt_s, twice * dt_s * dt_s};
}

// What a bead behind a node gets of a mode there that rises by 1/s at first, ever slower, by rise_s
// in the end. `left` is exp(-dt / tau).
double bead_rise_s(double rate_per_s, double rise_s, double tau_s, double left, double dt_s) {
  if (tau_s <= 0.0) return rise_s;
  const double decay = 1.0 - rate_per_s * rise_s;
  const double apart = 1.0 - rate_per_s * tau_s;
  // Closer than that both are one exponential.
  const double lag = std::abs(apart) > 1e-6 ? (decay - left) / apart : dt_s / tau_s * left;
  return rise_s - tau_s * lag;
}

// Modes that rise by slope at first, by slope rise_s in the end.
void advance_beads(const ThermalNetwork& n, double ambient_degC, double dt_s, const double* slope,
                   const double* rise_s, ThermalState& state) {
  for (std::size_t b = 0; b < n.beads.size(); ++b) {
    const auto k = static_cast<Eigen::Index>(b);
    const int node = n.bead_node[b];
    const double share = state.held_bead_share[k];
    const double source_degC = node < 0 ? ambient_degC : state.node_degC[node];
    double& bead_degC = state.bead_degC[k];
    bead_degC += share * (source_degC - bead_degC);
    if (node < 0) continue;
    for (Eigen::Index m = 0; m < n.modes.rate_per_s.size(); ++m)
      bead_degC +=
          n.modes.from_mode(node, m) * slope[m] *
          bead_rise_s(n.modes.rate_per_s[m], rise_s[m], n.beads[b].tau_s, 1.0 - share, dt_s);
  }
}

// A step by the modes; returns the heat to the ambient (J).
double advance_by_modes(const ThermalNetwork& n, const ThermalNodes& at, const HeatInput& heat,
                        double ambient_degC, double dt_s, ThermalState& state) {
  const ThermalModes& modes = n.modes;
  double* const slope = state.term_K.data();
  double* const work = state.next_term_K.data();
  double* const rise = state.rise_K.data();

  // z' at the start: what the heat brings less what flows off.
  for (Eigen::Index i = 0; i < at.count; ++i) rise[i] = state.node_degC[i] - ambient_degC;
  std::fill_n(slope, at.count, 0.0);
  add_product(modes.to_mode, rise, slope);
  double excess_Ks = 0.0;  // of the case over the ambient
  for (Eigen::Index k = 0; k < at.count; ++k) {
    excess_Ks += modes.from_mode(at.box, k) * slope[k] * dt_s;
    slope[k] *= -modes.rate_per_s[k];
  }
  std::fill_n(work, at.count, 0.0);
  add_heat(heat, 1.0 / dt_s, at, work);
  for (Eigen::Index i = 0; i < at.count; ++i) work[i] *= n.node_K_per_J[i];
  add_product(modes.to_mode, work, slope);

  for (Eigen::Index k = 0; k < at.count; ++k) {
    const Ramps ramp = ramps(modes.rate_per_s[k], dt_s);
    excess_Ks += modes.from_mode(at.box, k) * slope[k] * ramp.twice_s2;
    work[k] = ramp.once_s;
  }
  advance_beads(n, ambient_degC, dt_s, slope, work, state);
  for (Eigen::Index k = 0; k < at.count; ++k) work[k] *= slope[k];
  std::fill_n(rise, at.count, 0.0);
  add_product(modes.from_mode, work, rise);
  take_rise(at.count, rise, state.node_degC.data(), state.owed_K.data());
  return n.paths.case_to_ambient_W_per_K * excess_Ks;
}

void gather(const ThermalNodes& at, const CellArray& cell_degC, ThermalState& state) {
  double* const node = state.node_degC.data();
  std::copy_n(cell_degC.data(), at.cells, node);
  std::copy_n(state.link_degC.data(), at.links, node + at.cells);
  node[at.mosfet] = state.mosfet_degC;
  node[at.board] = state.board_degC;
  node[at.box] = state.case_degC;
}

void hand_back(const ThermalNodes& at, CellArray& cell_degC, ThermalState& state) {
  const double* const node = state.node_degC.data();
  std::copy_n(node, at.cells, cell_degC.data());
  std::copy_n(node + at.cells, at.links, state.link_degC.data());
  state.mosfet_degC = node[at.mosfet];
  state.board_degC = node[at.board];
  state.case_degC = node[at.box];
}

}  // namespace

double advance_heat(const ThermalNetwork& network, const HeatInput& heat, double ambient_degC,
                    double dt_s, CellArray& cell_degC, ThermalState& state) {
  const ThermalNodes at(network);
  hold(network, dt_s, state);
  gather(at, cell_degC, state);
  if (state.is_held_by_modes) {
    const double lost_J = advance_by_modes(network, at, heat, ambient_degC, dt_s, state);
    hand_back(at, cell_degC, state);
    return lost_J;
  }
  const double part_s = dt_s / state.held_parts;
  double to_ambient_J = 0.0;
  for (int i = 0; i < state.held_parts; ++i) {
    read_bead_sources(network, ambient_degC, state);
    to_ambient_J += advance_part(network, at, heat, ambient_degC, part_s, 1.0 / dt_s, state);
    advance_beads(network, state);
  }
  hand_back(at, cell_degC, state);
  return to_ambient_J;
}

}  // namespace doppelpack::models
