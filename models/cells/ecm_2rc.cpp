// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Equivalent circuit with two RC pairs and one hysteresis state (Plett's one-state form):
//
//   v = OCV(x) + M(x, T) h + M0 s + v1 + v2 + R0(T) i       i > 0 charges
//   dz/dt = eta i / 3600 Q                                  eta = 1 in discharge
//   x = 1 - (1 - z) / (1 - c (25 degC - T))                 cold hides the lower end; x = z above
//   dvk/dt = (Rk i - vk) / tauk,  Rk = Rk25 * factor(x, sign i) * arrhenius_k(T)
//   dh = gamma |dz| (sign i - h)                            no decay at rest
//   s = sign i while |i| > Q / 10 h * 1e-3 and > 2 M0 / R0, else as before
//
// Every equation is advanced by its exact solution at constant current, factors held over the step.
// RC pairs store voltage, so a factor that changes with direction never makes the voltage jump.
// Heat is i (v - OCV) + i T dU/dT: what the RC pairs give back within minutes counts at once, and
// electrical energy = chemical energy + heat holds in every step, whatever the factors do.
//
// Most of that changes slowly. Each cell holds the 0.025 % wide segment of the OCV curve it is in,
// and refresh() turns temperature, ageing and the other curves into a few coefficients that stay
// for 0.1 s; the inner loops are left with multiplications (lanes_loops.hpp). ecm-2rc-reference
// does without all this: the two agree to a few microvolts.
#include <algorithm>
#include <cmath>

#include "models/cell_model.hpp"
#include "models/exponential.hpp"
#include "src/lanes.hpp"

namespace doppelpack::models {

namespace {

struct Column {
  enum Index { soc, v1, v2, hysteresis, sign, count };
};

constexpr std::string_view kStateNames[] = {"soc", "v1_V", "v2_V", "hysteresis", "sign"};
static_assert(std::size(kStateNames) == Column::count);

constexpr double kSignThreshold_per_h = 1e-4;  // 10 mA of a 100 Ah cell
constexpr double kSegmentsPerSoc = 4000.0;     // data given to 0.025 % falls on their ends
constexpr double kSegmentWidth = 1.0 / kSegmentsPerSoc;
// A temperature closer than this to the one the factors are for leaves them: 6e-5 of a resistance.
constexpr double kSameTemperature_K = 0.002;

// What a cell holds. Curves as value and slope over its segment, then what follows from them.
struct Held {
  enum Row {
    segment_soc,
    ocv,
    gap = ocv + 2,
    entropic = gap + 2,
    discharge = entropic + 2,
    charge = discharge + 2,
    factor_degC = charge + 2,  // the temperature of the next five
    r0_factor,
    r1_factor,
    r2_factor,
    gap_factor,
    stretch,
    gap_V,  // from here on what the loops use
    charge_factor,
    discharge_factor,
    r1_Ohm,
    r2_Ohm,
    per_As,
    threshold_A,
    count
  };
};

EcmColumns columns(CellState& state) {
  const auto x = [&](Column::Index c) { return state.x.col(c).data(); };
  const auto held = [&](int row) { return state.held.col(row).data(); };
  EcmColumns c;
  c.cell_count = state.x.rows();
  c.soc = x(Column::soc);
  c.v1_V = x(Column::v1);
  c.v2_V = x(Column::v2);
  c.hysteresis = x(Column::hysteresis);
  c.sign = x(Column::sign);
  c.charged_As = state.charged_As.data();
  c.discharged_As = state.discharged_As.data();
  c.heat_J = state.heat_J.data();
  c.ocv_V = state.ocv_V.data();
  c.stretch = held(Held::stretch);
  c.segment_soc = held(Held::segment_soc);
  c.segment_V = held(Held::ocv);
  c.segment_slope_V = held(Held::ocv + 1);
  c.gap_V = held(Held::gap_V);
  c.thermal_V = state.thermal_V.data();
  c.charge_factor = held(Held::charge_factor);
  c.discharge_factor = held(Held::discharge_factor);
  c.r0_Ohm = state.r_Ohm.data();
  c.r1_Ohm = held(Held::r1_Ohm);
  c.r2_Ohm = held(Held::r2_Ohm);
  c.per_As = held(Held::per_As);
  c.threshold_A = held(Held::threshold_A);
  return c;
}

double arrhenius(double activation_J_per_mol, double T_degC) {
  constexpr double kGas_J_per_mol_K = 8.314462618;
  return exponential(activation_J_per_mol / kGas_J_per_mol_K *
                     (1.0 / (T_degC + 273.15) - 1.0 / 298.15));
}

// Resistance factors stay what they are at -40 and 80 degC beyond: no data reaches further.
void hold_temperature(const CellParameters& p, Eigen::Index cell, CellState& state) {
  const auto held = [&](int row) -> double& { return state.held(cell, row); };
  const double T_degC = state.T_degC[cell];
  held(Held::factor_degC) = T_degC;
  const double resistance_degC = std::clamp(T_degC, -40.0, 80.0);
  held(Held::r0_factor) = arrhenius(p.r0_activation_J_per_mol, resistance_degC);
  held(Held::r1_factor) = arrhenius(p.rc1_activation_J_per_mol, resistance_degC);
  held(Held::r2_factor) = arrhenius(p.rc2_activation_J_per_mol, resistance_degC);
  const double cold_K = std::clamp(25.0 - T_degC, 0.0, 65.0);
  held(Held::gap_factor) = std::min(1.0 + p.hysteresis_per_K * cold_K, 1.8);
  held(Held::stretch) = 1.0 / (1.0 - p.cold_capacity_per_K * cold_K);
}

double stretched_soc(const CellState& state, Eigen::Index cell) {
  return 1.0 - (1.0 - state.x(cell, Column::soc)) * state.held(cell, Held::stretch);
}

void hold_segment(const CellParameters& p, Eigen::Index cell, CellState& state) {
  const double left = std::floor(stretched_soc(state, cell) * kSegmentsPerSoc) * kSegmentWidth;
  const double right = left + kSegmentWidth;
  state.held(cell, Held::segment_soc) = left;
  const auto hold = [&](int row, const MonotoneCubic& curve) {
    const double value = curve(left);
    state.held(cell, row) = value;
    state.held(cell, row + 1) = (curve(right) - value) * kSegmentsPerSoc;
  };
  hold(Held::ocv, p.ocv_V);
  hold(Held::gap, p.hysteresis_V);
  hold(Held::entropic, p.entropic_V_per_K);
  hold(Held::discharge, p.rc_factor_discharge);
  hold(Held::charge, p.rc_factor_charge);
}

bool is_in_segment(const CellState& state, Eigen::Index cell) {
  const double offset = stretched_soc(state, cell) - state.held(cell, Held::segment_soc);
  return offset >= 0.0 && offset <= kSegmentWidth;
}

// What the loops use, from what is held.
void find_coefficients(const CellParameters& p, Eigen::Index cell, CellState& state) {
  const auto held = [&](int row) -> double& { return state.held(cell, row); };
  const double offset = stretched_soc(state, cell) - held(Held::segment_soc);
  const auto read = [&](int row) { return held(row) + held(row + 1) * offset; };
  const double rc_factor = state.rc_factor[cell];
  const double capacity_Ah = p.capacity_Ah[cell] * state.capacity_factor[cell];
  held(Held::gap_V) = read(Held::gap) * held(Held::gap_factor);
  state.thermal_V[cell] = (state.T_degC[cell] + 273.15) * read(Held::entropic);
  held(Held::charge_factor) = read(Held::charge);
  held(Held::discharge_factor) = read(Held::discharge);
  state.r_Ohm[cell] = p.r0_Ohm[cell] * held(Held::r0_factor) * state.r0_factor[cell];
  held(Held::r1_Ohm) = p.r1_Ohm[cell] * held(Held::r1_factor) * rc_factor;
  held(Held::r2_Ohm) = p.r2_Ohm[cell] * held(Held::r2_factor) * rc_factor;
  held(Held::per_As) = 1.0 / (3600.0 * capacity_Ah);
  // A cell in parallel that turns pulls a current of 2 M0 / R0 at most; that must not turn others.
  held(Held::threshold_A) = std::max(kSignThreshold_per_h * capacity_Ah,
                                     2.0 * p.hysteresis_instant_V / state.r_Ohm[cell]);
}

void refresh(const CellParameters& p, CellState& state) {
  for (Eigen::Index cell = 0; cell < state.x.rows(); ++cell) {
    // Written so that a temperature that is not a number is taken over, and shows.
    const double off_K = std::abs(state.T_degC[cell] - state.held(cell, Held::factor_degC));
    if (!(off_K <= kSameTemperature_K)) hold_temperature(p, cell, state);
    if (!is_in_segment(state, cell)) hold_segment(p, cell, state);
    find_coefficients(p, cell, state);
  }
}

void initialise(const CellParameters& p, const CellArray& soc, double T_degC, CellState& state) {
  const Eigen::Index count = soc.size();
  state.x.setZero(count, Column::count);
  state.x.col(Column::soc) = soc;
  state.T_degC.setConstant(count, T_degC);
  for (CellArray* factor : {&state.capacity_factor, &state.r0_factor, &state.rc_factor})
    factor->setOnes(count);
  for (CellArray* array : {&state.charged_As, &state.discharged_As, &state.heat_J, &state.r_Ohm,
                           &state.thermal_V, &state.ocv_V})
    array->setZero(count);
  state.held.setZero(count, Held::count);
  for (Eigen::Index cell = 0; cell < count; ++cell) {
    hold_temperature(p, cell, state);
    hold_segment(p, cell, state);
  }
  refresh(p, state);
}

void thevenin(const CellParameters& p, CellState& state, CellArray& emf_V) {
  EcmConstants k;
  k.segment_width = kSegmentWidth;
  k.instant_V = p.hysteresis_instant_V;
  const EcmColumns c = columns(state);
  if (p.lanes->ecm_thevenin(k, c, emf_V.data())) [[likely]]
    return;
  for (Eigen::Index cell = 0; cell < state.x.rows(); ++cell) {
    if (is_in_segment(state, cell)) continue;
    hold_segment(p, cell, state);
    find_coefficients(p, cell, state);
  }
  p.lanes->ecm_thevenin(k, c, emf_V.data());
}

EcmConstants constants(const CellParameters& p, double dt_s, CellState& state) {
  if (state.held_decay[0] != dt_s)
    state.held_decay = {dt_s, exponential(-dt_s / p.tau1_s), exponential(-dt_s / p.tau2_s)};
  EcmConstants k;
  k.segment_width = kSegmentWidth;
  k.instant_V = p.hysteresis_instant_V;
  k.gamma = p.hysteresis_gamma;
  k.inefficiency = 1.0 - p.coulombic_efficiency;
  k.keep1 = state.held_decay[1];
  k.keep2 = state.held_decay[2];
  k.dt_s = dt_s;
  return k;
}

void advance(const CellParameters& p, const CellArray& current_A, double dt_s, CellState& state) {
  p.lanes->ecm_advance(constants(p, dt_s, state), columns(state), current_A.data());
}

bool advance_taps(const CellParameters& p, const TapColumns& taps, double tap_A, double dt_s,
                  CellState& state) {
  return p.lanes->ecm_step(constants(p, dt_s, state), columns(state), taps, tap_A);
}

}  // namespace

extern const CellModel ecm_2rc;
const CellModel ecm_2rc{
    .key = "ecm-2rc",
    .title = "Equivalent circuit, two RC pairs, hysteresis, entropic heat",
    .state_names = kStateNames,
    .initialise = initialise,
    .refresh = refresh,
    .thevenin = thevenin,
    .advance = advance,
    .advance_taps = advance_taps,
};

}  // namespace doppelpack::models
