// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The thermal network as a sum of decays, for steps of minutes and hours. With y = C^(1/2) (T -
// ambient) the network y' = -S y + C^(-1/2) heat has a symmetric S = V diag(rates) V^T, so that in
// z = V^T y every mode decays by itself: exact at any length, at the cost of two products with V.
#pragma once

#include "models/cell_model.hpp"

namespace doppelpack::models {

/// Follow from the network; n nodes, n modes.
struct ThermalModes {
  CellArray rate_per_s;  ///< shape (n), >= 0
  CellTable to_mode;     ///< shape (mode, node): z of one kelvin at a node
  CellTable from_mode;   ///< shape (node, mode): kelvin of one unit of z
};

/// From the conductances between nodes: shape (n, n), symmetric, W/K, off the diagonal minus that
/// of the path, on it the sum of all paths of the node, the one to the ambient included. The
/// eigenvalues are found by Jacobi's rotations: plain operations in a fixed order.
ThermalModes make_thermal_modes(const CellTable& conductance_W_per_K,
                                const CellArray& node_K_per_J);

}  // namespace doppelpack::models
