// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The power path as a piecewise linear circuit: which elements conduct, the equations then, how far
// they hold, and what their solution means in charges and energies.
#pragma once

#include "exact_linear.hpp"
#include "models/transient.hpp"

namespace doppelpack::models {

/// Indices of the unknowns; kOne is the constant input.
inline constexpr std::size_t kPack = 0;
inline constexpr std::size_t kCable = 1;
inline constexpr std::size_t kLink = 2;
inline constexpr std::size_t kOne = 3;

using CircuitVector = std::array<double, 3>;
using CircuitMatrix = SquareMatrix<4>;

enum class Flow { none, charging, discharging, two_way };
enum class Stage { active, idle, held };  ///< held: at the edge of its window

struct Mode {
  Flow flow = Flow::none;
  Stage stage = Stage::active;
  bool is_clamped = false;  ///< the inverter's diodes conduct
};

struct Circuit {
  const PowerPathParameters& parameters;
  const PathElements& elements;
  const TerminalSource& source;
  const Thevenin& stack;
  bool has_short;
  double short_Ohm;
};

/// One mode's equations and the box within which they hold.
struct Segment {
  CircuitMatrix equations{};
  CircuitVector low;
  CircuitVector high;
};

Circuit make_circuit(const PowerPathParameters& parameters, const PathElements& elements,
                     const TerminalSource& source, const Thevenin& stack);

/// The mode in which the circuit continues from x.
Mode mode_at(const Circuit& circuit, const CircuitVector& x);

/// Likewise right at the bound of a mode that it has just reached.
Mode mode_after(const Circuit& circuit, Mode before, const CircuitVector& x);

Segment make_segment(const Circuit& circuit, Mode mode);

/// The resistance and voltage that a flow meets from the stack's emf to the terminals.
Thevenin branch_of(const Circuit& circuit, Flow flow);

/// What a current meets in the direction of a flow; nothing, if there is none.
PathDirection direction_of(const Circuit& circuit, Flow flow);

double terminal_V(const Circuit& circuit, Mode mode, const CircuitVector& x);

/// Add what the integral of x x^T over some time in one mode stands for. `inductive_Vs` is the
/// integral of the cable's own inductive voltage over that time [Vs].
void account(const Circuit& circuit, Mode mode, const CircuitMatrix& moments, double inductive_Vs,
             TransientSums& sums);

}  // namespace doppelpack::models
