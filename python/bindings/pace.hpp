// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// How a bench is tied to the host's clock, and what it says of that.
#pragma once

#include <pybind11/pybind11.h>

#include <optional>

#include "sim/bench.hpp"
#include "sim/timing.hpp"

namespace doppelpack::bindings {

namespace py = pybind11;

struct PaceArguments {
  std::optional<double> speed;  ///< none: as fast as possible, or real time where that is asked for
  bool is_real_time = false;
  std::optional<double> budget_s;
};

/// Throws DataError.
void apply(const PaceArguments& pace, sim::BenchOptions& options);

/// In the shape of "timing" in result.json; None of a bench that is not paced.
py::object describe(const std::optional<sim::TimingReport>& timing);

}  // namespace doppelpack::bindings
