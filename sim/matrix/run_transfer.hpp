// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A run on its way from the process that made it to the one that reports it.
#pragma once

#include <string>

#include "sim/matrix.hpp"

namespace doppelpack::sim {

std::string pack_run(const MatrixRun& run);
MatrixRun unpack_run(const std::string& text);

}  // namespace doppelpack::sim
