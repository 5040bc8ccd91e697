// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The data folder and what can be listed and checked in it, without a bench.
#pragma once

#include <pybind11/pybind11.h>

#include "arguments.hpp"
#include "sim/signals.hpp"

namespace doppelpack::bindings {

namespace py = pybind11;

/// The folder the wheel carries; in the build tree a link to scenarios/.
Path data_folder();

/// What doppelpack.signals() returns, of any bench.
py::list describe(const sim::SignalCatalogue& catalogue);

/// Registers data_folder, products, inverters, scenarios, faults, signals and check.
void add_catalogues(py::module_& m);

}  // namespace doppelpack::bindings
