// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The loops of lanes.hpp over kWidth cells at a time, with single cells for the rest. Included by
// one source file per vector width, each compiled for its processor: everything here has internal
// linkage on purpose. A Vector is a type of gcc and clang: + - * / < ?: work per element, so it has
// the bits of as many scalar computations and needs no luck with the auto-vectoriser.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "lanes.hpp"
#include "models/exponential.hpp"

// NOLINTBEGIN(google-build-namespaces, misc-anonymous-namespace-in-header)
namespace doppelpack::models {
namespace {

template <int kWidth>
struct Types {
  using Vector [[gnu::vector_size(8 * kWidth)]] = double;
  using Mask [[gnu::vector_size(8 * kWidth)]] = std::int64_t;  ///< what comparing Vectors gives
};
template <int kWidth>
using Vector = typename Types<kWidth>::Vector;

template <int kWidth>
[[gnu::always_inline]] inline Vector<kWidth> load(const double* from) {
  Vector<kWidth> value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <int kWidth>
[[gnu::always_inline]] inline void store(double* to, const Vector<kWidth>& value) {
  std::memcpy(to, &value, sizeof value);
}

template <int kWidth>
[[gnu::always_inline]] inline Vector<kWidth> all(double value) {
  return Vector<kWidth>{} + value;
}

template <int kWidth>
[[gnu::always_inline]] inline Vector<kWidth> magnitude(const Vector<kWidth>& x) {
  using Mask = typename Types<kWidth>::Mask;
  return reinterpret_cast<Vector<kWidth>>(reinterpret_cast<Mask>(x) & INT64_MAX);
}

/// run(i, width) for every kWidth of `count`, then for single ones; `width` as a type.
template <int kWidth, typename Run>
[[gnu::always_inline]] inline void for_lanes(std::ptrdiff_t count, const Run& run) {
  std::ptrdiff_t i = 0;
  for (; i + kWidth <= count; i += kWidth) run(i, std::integral_constant<int, kWidth>{});
  for (; i < count; ++i) run(i, std::integral_constant<int, 1>{});
}

/// Inner voltage of the cells from i on, and their OCV on the way. Clears bits of `inside` when one
/// has left its segment.
template <int kN>
[[gnu::always_inline]] inline Vector<kN> emf_of(const EcmConstants& k, const EcmColumns& c,
                                                std::ptrdiff_t i, std::int64_t& inside) {
  using V = Vector<kN>;
  const V one = all<kN>(1.0);
  const V zero = all<kN>(0.0);
  // Cold puts the lower end out of reach: the curve is stretched away from full.
  const V x = one - (one - load<kN>(c.soc + i)) * load<kN>(c.stretch + i);
  const V offset = x - load<kN>(c.segment_soc + i);
  const auto is_inside = (offset >= zero) & (offset <= k.segment_width);
  for (int lane = 0; lane < kN; ++lane) inside &= is_inside[lane];
  const V ocv_V = load<kN>(c.segment_V + i) + load<kN>(c.segment_slope_V + i) * offset;
  const V rc_V = load<kN>(c.v1_V + i) + load<kN>(c.v2_V + i);
  const V hysteresis_V =
      load<kN>(c.gap_V + i) * load<kN>(c.hysteresis + i) + k.instant_V * load<kN>(c.sign + i);
  store<kN>(c.ocv_V + i, ocv_V);
  return (ocv_V + hysteresis_V) + rc_V;
}

template <int kWidth>
bool ecm_thevenin(const EcmConstants& k, const EcmColumns& c, double* emf_V) {
  std::int64_t inside = -1;
  for_lanes<kWidth>(c.cell_count, [&]<int kN>(std::ptrdiff_t i, std::integral_constant<int, kN>) {
    store<kN>(emf_V + i, emf_of<kN>(k, c, i, inside));
  });
  return inside != 0;
}

/// 1 - exp(-x), x >= 0. At millisecond steps the short series is enough.
template <int kWidth>
[[gnu::always_inline]] inline Vector<kWidth> decayed_share(const Vector<kWidth>& x) {
  bool is_small = true;
  for (int lane = 0; lane < kWidth; ++lane) is_small &= x[lane] <= 1e-3;
  if (is_small) [[likely]]
    return small_decay(x);
  Vector<kWidth> share = x;
  for (int lane = 0; lane < kWidth; ++lane)
    share[lane] = x[lane] <= 1e-3 ? small_decay(double{x[lane]}) : 1.0 - exponential(-x[lane]);
  return share;
}

template <int kN>
[[gnu::always_inline]] inline void advance_cells(const EcmConstants& k, const EcmColumns& c,
                                                 std::ptrdiff_t i, const Vector<kN>& amperes) {
  using V = Vector<kN>;
  const V zero = all<kN>(0.0);
  const auto is_charge = amperes > zero;
  const V sign = is_charge ? all<kN>(1.0) : all<kN>(-1.0);
  const V charge_A = is_charge ? amperes : zero;
  const V lost_A = k.inefficiency * charge_A;

  // Charge, and the hysteresis that follows it.
  const V dz = (amperes - lost_A) * (k.dt_s * load<kN>(c.per_As + i));
  const V h = load<kN>(c.hysteresis + i);
  const V h_new = h + decayed_share<kN>(k.gamma * magnitude<kN>(dz)) * (sign - h);
  const V sign_before = load<kN>(c.sign + i);
  const V s = magnitude<kN>(amperes) > load<kN>(c.threshold_A + i) ? sign : sign_before;

  // RC pairs.
  const V v1_V = load<kN>(c.v1_V + i);
  const V v2_V = load<kN>(c.v2_V + i);
  const V charge_factor = load<kN>(c.charge_factor + i);
  const V discharge_factor = load<kN>(c.discharge_factor + i);
  const V rc_A = (is_charge ? charge_factor : discharge_factor) * amperes;
  const V v1_end = load<kN>(c.r1_Ohm + i) * rc_A;
  const V v2_end = load<kN>(c.r2_Ohm + i) * rc_A;
  const V v1_new = v1_end + (v1_V - v1_end) * k.keep1;
  const V v2_new = v2_end + (v2_V - v2_end) * k.keep2;

  // Heat, with means over the step by the trapezoid. What is known last is added last.
  const V rc_V = 0.5 * ((v1_V + v1_new) + (v2_V + v2_new));
  const V thermal_V = k.instant_V * s + load<kN>(c.thermal_V + i);
  const V over_V = ((load<kN>(c.r0_Ohm + i) * amperes + rc_V) + thermal_V) +
                   (0.5 * load<kN>(c.gap_V + i)) * (h + h_new);
  const V heat_W = amperes * over_V + lost_A * load<kN>(c.ocv_V + i);

  store<kN>(c.heat_J + i, load<kN>(c.heat_J + i) + heat_W * k.dt_s);
  store<kN>(c.charged_As + i, load<kN>(c.charged_As + i) + charge_A * k.dt_s);
  store<kN>(c.discharged_As + i, load<kN>(c.discharged_As + i) + (charge_A - amperes) * k.dt_s);
  store<kN>(c.soc + i, load<kN>(c.soc + i) + dz);
  store<kN>(c.v1_V + i, v1_new);
  store<kN>(c.v2_V + i, v2_new);
  store<kN>(c.hysteresis + i, h_new);
  store<kN>(c.sign + i, s);
}

template <int kWidth>
void ecm_advance(const EcmConstants& k, const EcmColumns& c, const double* current_A) {
  for_lanes<kWidth>(c.cell_count, [&]<int kN>(std::ptrdiff_t i, std::integral_constant<int, kN>) {
    advance_cells<kN>(k, c, i, load<kN>(current_A + i));
  });
}

// Folds shorts, self-discharge, links and bleeders into an emf and a resistance per position. With
// v = emf + r (b - S v - leak) a cell and b the current into its terminals,
//   v = inner_V + b / inner_S,  inner_V = (emf - r leak) / (1 + r S),  inner_S = (1 + r S) / r,
// cells in parallel share v, and with u = v + link l, l = i - bleeder u:
//   u = (v0 + (group + link) i) / (1 + bleeder (group + link)).
template <int kN>
[[gnu::always_inline]] inline Vector<kN> inner_V(const TapColumns& c, std::ptrdiff_t i,
                                                 const Vector<kN>& emf_V) {
  const Vector<kN> volts = (emf_V - load<kN>(c.leak_V + i)) * load<kN>(c.per_divider + i);
  store<kN>(c.inner_V + i, volts);
  return volts;
}

template <int kWidth>
void fold(const TapColumns& c) {
  const std::ptrdiff_t cell_count = c.position_count * c.branch_count;
  for_lanes<kWidth>(cell_count, [&]<int kN>(std::ptrdiff_t i, std::integral_constant<int, kN>) {
    inner_V<kN>(c, i, load<kN>(c.emf_V + i));
  });
  for_lanes<kWidth>(
      c.position_count, [&]<int kN>(std::ptrdiff_t i, std::integral_constant<int, kN>) {
        using V = Vector<kN>;
        V group_V = load<kN>(c.inner_V + i);
        if (c.branch_count > 1) {
          group_V = group_V * load<kN>(c.inner_S + i);
          for (std::ptrdiff_t k = i + c.position_count; k < cell_count; k += c.position_count)
            group_V = group_V + load<kN>(c.inner_V + k) * load<kN>(c.inner_S + k);
          group_V = group_V * load<kN>(c.group_Ohm + i);
        }
        store<kN>(c.tap_emf_V + i, group_V * load<kN>(c.per_bleed + i));
      });
}

/// What the tap current means for the positions from i on: current through their links, voltage
/// behind them.
template <int kN>
struct Spread {
  Vector<kN> link_A;
  Vector<kN> group_V;

  [[gnu::always_inline]] inline Spread(const TapColumns& c, std::ptrdiff_t i, double tap_A,
                                       double dt_s) {
    const Vector<kN> tap_V = load<kN>(c.tap_emf_V + i) + load<kN>(c.tap_Ohm + i) * tap_A;
    link_A = tap_A - load<kN>(c.bleeder_S + i) * tap_V;
    const Vector<kN> link_V = load<kN>(c.link_Ohm + i) * link_A;
    group_V = tap_V - link_V;
    store<kN>(c.tap_V + i, tap_V);
    store<kN>(c.link_A + i, link_A);
    store<kN>(c.link_J + i, load<kN>(c.link_J + i) + (link_V * link_A) * dt_s);
  }
};

/// The current of the cells from i on, which take into_A at their terminals at that voltage.
template <int kN>
[[gnu::always_inline]] inline Vector<kN> cell_A(const TapColumns& c, std::ptrdiff_t i,
                                                const Vector<kN>& into_A, const Vector<kN>& volts,
                                                double dt_s) {
  const Vector<kN> lost_A = load<kN>(c.short_S + i) * volts + load<kN>(c.leak_A + i);
  const Vector<kN> amperes = into_A - lost_A;
  store<kN>(c.cell_A + i, amperes);
  store<kN>(c.passive_J + i, load<kN>(c.passive_J + i) + (lost_A * volts) * dt_s);
  return amperes;
}

template <int kWidth>
void spread(const TapColumns& c, double tap_A, double dt_s) {
  const std::ptrdiff_t cell_count = c.position_count * c.branch_count;
  for_lanes<kWidth>(c.position_count,
                    [&]<int kN>(std::ptrdiff_t i, std::integral_constant<int, kN>) {
                      using V = Vector<kN>;
                      const Spread<kN> at(c, i, tap_A, dt_s);
                      for (std::ptrdiff_t k = i; k < cell_count; k += c.position_count) {
                        V into_A = at.link_A;
                        if (c.branch_count > 1)
                          into_A = (at.group_V - load<kN>(c.inner_V + k)) * load<kN>(c.inner_S + k);
                        cell_A<kN>(c, k, into_A, at.group_V, dt_s);
                      }
                    });
}

template <int kWidth>
bool ecm_step(const EcmConstants& k, const EcmColumns& c, const TapColumns& taps, double tap_A) {
  std::int64_t inside = -1;
  for_lanes<kWidth>(c.cell_count, [&]<int kN>(std::ptrdiff_t i, std::integral_constant<int, kN>) {
    const Spread<kN> at(taps, i, tap_A, k.dt_s);
    advance_cells<kN>(k, c, i, cell_A<kN>(taps, i, at.link_A, at.group_V, k.dt_s));
    const Vector<kN> volts = inner_V<kN>(taps, i, emf_of<kN>(k, c, i, inside));
    store<kN>(taps.tap_emf_V + i, volts * load<kN>(taps.per_bleed + i));
  });
  return inside != 0;
}

template <int kWidth>
constexpr Lanes make_lanes(VectorLevel level) noexcept {
  return {level,        ecm_thevenin<kWidth>, ecm_advance<kWidth>,
          fold<kWidth>, spread<kWidth>,       ecm_step<kWidth>};
}

}  // namespace
}  // namespace doppelpack::models
// NOLINTEND(google-build-namespaces, misc-anonymous-namespace-in-header)
