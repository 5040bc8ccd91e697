// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Where the nodes of a thermal network are in an array of all of them.
#pragma once

#include "models/thermal_network.hpp"

namespace doppelpack::models {

struct ThermalNodes {
  explicit ThermalNodes(const ThermalNetwork& n)
      : cells(static_cast<Eigen::Index>(n.branches) * n.positions),
        links(n.positions),
        mosfet(cells + links) {}
  Eigen::Index cells;
  Eigen::Index links;
  Eigen::Index mosfet;
  Eigen::Index board = mosfet + 1;
  Eigen::Index box = mosfet + 2;  // the case
  Eigen::Index count = mosfet + 3;
};

}  // namespace doppelpack::models
