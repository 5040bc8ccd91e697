// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Equivalent circuit with two RC pairs and one hysteresis state (Plett's one-state form):
//
//   v = OCV(z) + M(z) h + M0 s + v1 + v2 + R0(T) i          i > 0 charges
//   dz/dt = eta i / 3600 Q                                  eta = 1 in discharge
//   dvk/dt = (Rk i - vk) / tauk,  Rk = Rk25 * factor(z, sign i) * arrhenius_k(T)
//   dh = gamma |dz| (sign i - h)                            no decay at rest
//   s = sign i while |i| > Q / 10 h * 1e-3, else as before
//
// Every equation is advanced by its exact solution at constant current, factors held over the step.
// RC pairs store voltage, so a factor that changes with direction never makes the voltage jump.
// Heat is i (v - OCV) + i T dU/dT: what the RC pairs give back within minutes counts at once, and
// electrical energy = chemical energy + heat holds in every step, whatever the factors do.
#include <algorithm>
#include <type_traits>

#include "models/cell_model.hpp"
#include "models/exponential.hpp"
#include "models/pair.hpp"
#include "models/table.hpp"

namespace doppelpack::models {

namespace {

struct Column {
  enum Index { soc, v1, v2, hysteresis, sign, count };
};

constexpr std::string_view kStateNames[] = {"soc", "v1_V", "v2_V", "hysteresis", "sign"};
static_assert(std::size(kStateNames) == Column::count);

constexpr double kSignThreshold_per_h = 1e-4;  // 10 mA of a 100 Ah cell
// Tables cost most of a step if searched every time. So each cell holds the segments it is in, left
// end and slope per table, until it leaves them; reading from a held segment is exact. `held` has
// one column per two cells, in it two values per row of this list.
struct Held {
  enum Row {
    soc_left,
    ocv,
    gap = ocv + 2,
    entropic = gap + 2,
    discharge = entropic + 2,
    charge = discharge + 2,
    temperature_left = charge + 2,
    r0,
    r1 = r0 + 2,
    r2 = r1 + 2,
    count = r2 + 2
  };
};

// Holds the segments of `tables` around `x`: to[0] is the left end, then value and slope of each.
// Outside a grid it holds a flat segment that begins at x itself, so that it is soon renewed.
template <std::size_t kTables>
void hold_segments(const UniformTable* const (&tables)[kTables], double x, double* to) {
  const UniformTable& grid = *tables[0];
  const double position = (x - grid.first) * grid.per_step;
  std::int32_t index = 0;
  double fraction = 0.0;
  locate(grid, &x, 1, &index, &fraction);
  const bool is_inside = position >= 0.0 && fraction < 1.0;
  *to = is_inside ? grid.first + index / grid.per_step : x;
  for (const UniformTable* table : tables) {
    const double* const value = &table->value[static_cast<std::size_t>(index)];
    *(to += 2) = is_inside ? value[0] : look_up(value, 0, fraction);
    *(to += 2) = is_inside ? (value[1] - value[0]) * grid.per_step : 0.0;
  }
}

// The two cells from `first` on; the last one of an odd string counts twice.
void hold_pair(const CellParameters& p, Eigen::Index first, CellState& state) {
  for (int k = 0; k < 2; ++k) {
    const Eigen::Index cell = std::min(first + k, state.x.rows() - 1);
    double* const held = &state.held(k, first / 2);
    hold_segments({&p.ocv_V, &p.hysteresis_V, &p.entropic_V_per_K, &p.rc_factor_discharge,
                   &p.rc_factor_charge},
                  state.x(cell, Column::soc), held + 2 * Held::soc_left);
    hold_segments({&p.r0_temperature_factor, &p.rc1_temperature_factor, &p.rc2_temperature_factor},
                  state.T_degC[cell], held + 2 * Held::temperature_left);
  }
}

// What two cells hold, and where they are in it.
struct HeldPair {
  const double* first;
  Pair soc_offset;
  Pair T_offset_K;

  HeldPair(const CellState& state, Eigen::Index i, Pair soc, Pair T_degC)
      : first(state.held.data() + i * Held::count),
        soc_offset(soc - load(first + 2 * Held::soc_left)),
        T_offset_K(T_degC - load(first + 2 * Held::temperature_left)) {}

  Pair over_soc(Held::Row table) const { return read(table, soc_offset); }
  Pair over_temperature(Held::Row table) const { return read(table, T_offset_K); }

 private:
  Pair read(int table, Pair offset) const {
    return load(first + 2 * table) + load(first + 2 * table + 2) * offset;
  }
};

// Widths of all segments.
struct Widths {
  Pair soc;
  Pair T_K;

  explicit Widths(const CellParameters& p)
      : soc(both(1.0 / p.ocv_V.per_step)), T_K(both(1.0 / p.r0_temperature_factor.per_step)) {}

  bool contain(const HeldPair& held) const {
    const Pair zero = both(0.0);
    return is_all((held.soc_offset >= zero) & (held.soc_offset <= soc) & (held.T_offset_K >= zero) &
                  (held.T_offset_K <= T_K));
  }
};

void initialise(const CellParameters& p, const CellArray& soc, double T_degC, CellState& state) {
  state.x.setZero(soc.size(), Column::count);
  state.x.col(Column::soc) = soc;
  state.T_degC.setConstant(soc.size(), T_degC);
  state.held.setZero(2 * Held::count, (soc.size() + 1) / 2);
  for (Eigen::Index i = 0; i < soc.size(); i += 2) hold_pair(p, i, state);
}

Pair search(const UniformTable& table, Pair x) {
  return Pair{look_up(table, x[0]), look_up(table, x[1])};
}

template <int kCells>
void thevenin_pair(const CellParameters& p, const CellState& state, const Widths& width,
                   Eigen::Index i, double* emf_V, double* r_Ohm) {
  const double* const first = state.x.data() + i;
  const Eigen::Index stride = state.x.rows();
  const auto x = [=](Column::Index c) { return load<kCells>(first + c * stride); };
  const Pair soc = x(Column::soc);
  const Pair T_degC = load<kCells>(state.T_degC.data() + i);
  const HeldPair held(state, i, soc, T_degC);
  Pair ocv_V = held.over_soc(Held::ocv);
  Pair gap_V = held.over_soc(Held::gap);
  Pair r0_factor = held.over_temperature(Held::r0);
  if (!width.contain(held)) [[unlikely]] {
    ocv_V = search(p.ocv_V, soc);
    gap_V = search(p.hysteresis_V, soc);
    r0_factor = search(p.r0_temperature_factor, T_degC);
  }
  const Pair rc_V = x(Column::v1) + x(Column::v2);
  const Pair emf =
      ocv_V + gap_V * x(Column::hysteresis) + p.hysteresis_instant_V * x(Column::sign) + rc_V;
  const Pair r = load<kCells>(p.r0_Ohm.data() + i) * r0_factor;
  store<kCells>(emf_V + i, emf);
  store<kCells>(r_Ohm + i, r);
}

void thevenin(const CellParameters& p, const CellState& state, double /*direction*/,
              CellArray& emf_V, CellArray& r_Ohm) {
  const Widths width(p);
  double* const emf = emf_V.data();
  double* const r = r_Ohm.data();
  for_pairs(state.x.rows(), [&]<int kCells>(Eigen::Index i, std::integral_constant<int, kCells>) {
    thevenin_pair<kCells>(p, state, width, i, emf, r);
  });
}

// What a step needs to know once, not per pair.
struct StepConstants {
  Widths width;
  Pair keep1;  // share of an RC voltage left after the step
  Pair keep2;
  Pair per_As;  // SOC per ampere and Ah of capacity
  Pair inefficiency;
  Pair gamma;
  Pair instant_V;

  StepConstants(const CellParameters& p, double dt_s, const std::array<double, 3>& decay)
      : width(p),
        keep1(both(decay[1])),
        keep2(both(decay[2])),
        per_As(both(dt_s / 3600.0)),
        inefficiency(both(1.0 - p.coulombic_efficiency)),
        gamma(both(p.hysteresis_gamma)),
        instant_V(both(p.hysteresis_instant_V)) {}
};

// 1 - exp(-x), x >= 0. At millisecond steps the short series is enough.
inline Pair decayed_share(Pair x) {
  if (x[0] <= 1e-3 && x[1] <= 1e-3) [[likely]]
    return small_decay(x);
  return Pair{1.0 - exponential(-x[0]), 1.0 - exponential(-x[1])};
}

template <int kCells>
void advance_pair(const CellParameters& p, const StepConstants& k, Pair current_A, Eigen::Index i,
                  CellState& state, double* heat_W) {
  double* const first = state.x.data() + i;
  const Eigen::Index stride = state.x.rows();
  const auto x = [=](Column::Index c) { return load<kCells>(first + c * stride); };
  const Pair soc = x(Column::soc);
  const Pair T_degC = load<kCells>(state.T_degC.data() + i);
  HeldPair held(state, i, soc, T_degC);
  if (!k.width.contain(held)) [[unlikely]] {
    hold_pair(p, i, state);
    held = HeldPair(state, i, soc, T_degC);
  }

  // Charge, and the hysteresis that follows it.
  const Pair zero = both(0.0);
  const Pair capacity_Ah = load<kCells>(p.capacity_Ah.data() + i);
  const PairMask is_charge = current_A > zero;
  const Pair sign = is_charge ? both(1.0) : both(-1.0);
  const Pair lost_A = k.inefficiency * (is_charge ? current_A : zero);
  const Pair dz = (current_A - lost_A) * (k.per_As / capacity_Ah);
  const Pair h = x(Column::hysteresis);
  const Pair h_new = h + decayed_share(k.gamma * magnitude(dz)) * (sign - h);
  const Pair s = magnitude(current_A) > kSignThreshold_per_h * capacity_Ah ? sign : x(Column::sign);

  // RC pairs.
  const Pair v1_V = x(Column::v1);
  const Pair v2_V = x(Column::v2);
  const Pair rc_factor = is_charge ? held.over_soc(Held::charge) : held.over_soc(Held::discharge);
  const Pair rc_A = rc_factor * current_A;
  const Pair v1_end = load<kCells>(p.r1_Ohm.data() + i) * held.over_temperature(Held::r1) * rc_A;
  const Pair v2_end = load<kCells>(p.r2_Ohm.data() + i) * held.over_temperature(Held::r2) * rc_A;
  const Pair v1_new = v1_end + (v1_V - v1_end) * k.keep1;
  const Pair v2_new = v2_end + (v2_V - v2_end) * k.keep2;

  // Heat, with means over the step by the trapezoid. What is known last is added last.
  const Pair r0_Ohm = load<kCells>(p.r0_Ohm.data() + i) * held.over_temperature(Held::r0);
  const Pair half_gap_V = 0.5 * held.over_soc(Held::gap);
  const Pair rc_V = 0.5 * ((v1_V + v1_new) + (v2_V + v2_new));
  const Pair thermal_V = k.instant_V * s + (T_degC + 273.15) * held.over_soc(Held::entropic);
  const Pair over_V = ((r0_Ohm * current_A + rc_V) + thermal_V) + half_gap_V * (h + h_new);
  store<kCells>(heat_W + i, current_A * over_V + lost_A * held.over_soc(Held::ocv));
  const auto set = [=](Column::Index c, Pair value) { store<kCells>(first + c * stride, value); };
  set(Column::soc, soc + dz);
  set(Column::v1, v1_new);
  set(Column::v2, v2_new);
  set(Column::hysteresis, h_new);
  set(Column::sign, s);
}

void advance(const CellParameters& p, const CellArray& current_A, double dt_s, CellState& state,
             CellArray& heat_W) {
  if (state.held_decay[0] != dt_s) {
    state.held_decay = {dt_s, exponential(-dt_s / p.tau1_s), exponential(-dt_s / p.tau2_s)};
  }
  const StepConstants constants(p, dt_s, state.held_decay);
  const double* const current = current_A.data();
  double* const heat = heat_W.data();
  for_pairs(state.x.rows(), [&]<int kCells>(Eigen::Index i, std::integral_constant<int, kCells>) {
    advance_pair<kCells>(p, constants, load<kCells>(current + i), i, state, heat);
  });
}

}  // namespace

extern const CellModel ecm_2rc;
const CellModel ecm_2rc{
    .key = "ecm-2rc",
    .title = "Equivalent circuit, two RC pairs, hysteresis, entropic heat",
    .state_names = kStateNames,
    .initialise = initialise,
    .thevenin = thevenin,
    .advance = advance,
};

}  // namespace doppelpack::models
