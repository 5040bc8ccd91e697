// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The checks of arguments, with the numbers in their messages written as Python writes them.
#include "arguments.hpp"

#include <pybind11/pybind11.h>

#include <cmath>

#include "sim/data_error.hpp"

namespace py = pybind11;

namespace doppelpack::bindings {

void reject(const std::string& field, const std::string& found_and_expected) {
  throw sim::DataError({"", 0, field}, found_and_expected);
}

double checked(double value, double low, double high, const std::string& field) {
  if (!(value >= low && value <= high)) {
    reject(field, "found " + py::str(py::float_(value)).cast<std::string>() +
                      ", expected a number from " + py::str(py::float_(low)).cast<std::string>() +
                      " to " + py::str(py::float_(high)).cast<std::string>());
  }
  return value;
}

Time checked_time(double seconds, const std::string& field) {
  constexpr double kYear_s = 366.0 * 86400.0;
  return std::llround(checked(seconds, 0.0, 100.0 * kYear_s, field) * 1e9);
}

}  // namespace doppelpack::bindings
