// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What Python passes in, checked and converted: whatever is wrong throws DataError naming the
// argument.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "sim/time.hpp"

namespace doppelpack::bindings {

using sim::Time;
using Path = std::filesystem::path;

[[noreturn]] void reject(const std::string& field, const std::string& found_and_expected);

/// What a text parser refused, with the argument it came from.
template <class Parse>
auto located(const std::string& field, Parse parse) {
  try {
    return parse();
  } catch (const std::invalid_argument& error) {
    reject(field, error.what());
  }
}

/// The value, which must lie from low to high.
double checked(double value, double low, double high, const std::string& field);

/// 0 or more, at most a hundred years.
Time checked_time(double seconds, const std::string& field);

}  // namespace doppelpack::bindings
