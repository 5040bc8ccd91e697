// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The files that a matrix becomes, as text.
#pragma once

#include <string>

#include "sim/matrix.hpp"

namespace doppelpack::sim {

std::string matrix_json(const MatrixReport& report);
std::string matrix_html(const MatrixReport& report);
std::string matrix_markdown(const MatrixReport& report);
std::string matrix_junit(const MatrixReport& report);

}  // namespace doppelpack::sim
