// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// One cell alone, without a bench.
#pragma once

#include <pybind11/pybind11.h>

namespace doppelpack::bindings {

namespace py = pybind11;

/// Registers simulate_cell.
void add_cell(py::module_& m);

}  // namespace doppelpack::bindings
