// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Sweeps are run by the Python package, which the program becomes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace doppelpack::app {

/// A plan, by key or path, whose first key is `sweep`.
bool is_sweep(const std::string& plan, const std::filesystem::path& data_folder);

/// Replaces this process by `python3` with doppelpack.sweep. Throws DataError where there is none.
[[noreturn]] void hand_over_sweep(std::vector<std::string> arguments);

}  // namespace doppelpack::app
