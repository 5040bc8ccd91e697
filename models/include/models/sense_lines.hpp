// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The way of the cell voltages to the inputs of the AFE: one line more than positions, 0 at B-.
//
//   tap k --[wire + corrosion]--+--[filter]--+--------+---- input k
//                               |            |        |
//                    bleeder of cell k     [C]   [moisture]   and out of the node: the leakage of
//                    to the line below       |        |       the input and its pull-down
//                               |            B-       B-
//
// The reading of cell k is the difference of the inputs k + 1 and k. The AFE has a ground of its
// own at B-, so that line 0 is a line like any other. The capacitors go to that ground; with
// capacitors between neighbours a healthy line settles to the same voltage and an open one drifts
// half as fast.
//
// Wires, bleeders and filters make a linear network that is solved as such; each capacitor then
// follows its exact exponential, the others standing still. A line without bleeders depends on no
// other, so that it is exact at any length of step; beside a bleeder the error of the time constant
// is that of wire / filter resistance (1e-4). Open lines that are tied to nothing but each other,
// by bleeders, share their charge to a few per cent. Where a wire is not healthy the protection
// diodes between neighbouring inputs hold it between them; they are ideal, without forward voltage.
#pragma once

#include <cstdint>
#include <vector>

#include "models/cell_model.hpp"
#include "models/hardware.hpp"

namespace doppelpack::models {

struct SenseLineParameters {
  CellArray wire_Ohm;   ///< contact and wire, > 0; shape (positions + 1). 58..138 mOhm, bow-shaped
                        ///< along a real harness (cell_models reference, 3.3)
  CellArray leakage_A;  ///< into each input of the AFE, towards its ground; same shape. 0.1..1 uA
                        ///< (cell_models reference, 6.4)
  double filter_Ohm = 1000.0;   ///< per line (estimate: 100..1000 Ohm are usual)
  double filter_F = 100e-9;     ///< per line
  double bleeder_Ohm = 68.0;    ///< between the lines of a cell, at the board
  double pull_down_A = 100e-6;  ///< of the open-wire test, from an input to ground (estimate)
};

/// What the AFE does to its lines.
struct SenseLineInputs {
  std::uint32_t bleeders = 0;    ///< bit i: bleeder of cell i on
  std::uint64_t pull_downs = 0;  ///< bit k: pull-down current of line k on

  bool operator==(const SenseLineInputs&) const = default;
};

/// Lines are at ease while all wires are healthy, nothing bleeds or pulls, and a step is so long that
/// an input keeps less than 1e-4 of what it was before. Each input is then its tap less what leaks
/// into it, to 1e-4 of a step's change, and only those that are read are computed.
struct SenseLineState {
  CellArray
      input_V;  ///< at the inputs of the AFE, against B-; shape (positions + 1). Stale at ease
  bool is_at_ease = false;
  CellArray leak_V;  ///< of the leakage, from the tap to the input

  // What follows from the wires, the inputs and the length of a step; kept until one of them
  // changes. Arrays are per line. A step is input' = keep * input + gain * node - drop.
  std::uint64_t revision = 0;
  SenseLineInputs inputs;
  double dt_s = -1.0;
  CellArray keep;
  CellArray gain;
  CellArray drop_V;
  bool is_any_guarded = false;
  std::vector<bool> is_guarded;  ///< by its protection diodes: the wire is not healthy
  CellArray wire_S;
  CellArray bleeder_S;  ///< from this line to the next
  CellArray pivot_Ohm;  ///< of the elimination along the lines
  CellArray carry;
  CellArray node_V;  ///< what drives the filter: taps, or the board side of the wires when bleeding
};

/// Settled lines of flawless wires. cell_V: tap voltages, shape (positions).
SenseLineState make_sense_line_state(const SenseLineParameters& parameters,
                                     const CellArray& cell_V);

/// Advance by dt_s (> 0) at constant tap voltages. The hardware's revision tells whether its wires
/// have changed. Nothing to do for lines that are at ease (see SenseLineState).
void advance(const SenseLineParameters& parameters, const Hardware& hardware,
             const SenseLineInputs& inputs, const CellArray& cell_V, double dt_s,
             SenseLineState& state);

/// What the AFE sees of a cell: the difference of its two inputs.
double cell_input_V(const SenseLineState& state, const CellArray& cell_V, Eigen::Index cell);

}  // namespace doppelpack::models
