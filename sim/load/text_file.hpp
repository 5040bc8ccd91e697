// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Text files from anywhere: looked at with suspicion before a parser sees them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace doppelpack::sim {

inline constexpr std::size_t kLargestFile_bytes = 1'000'000;

/// The whole file. Throws DataError unless it is a readable regular file of valid UTF-8 without
/// control characters, not empty and not above the largest size.
std::string read_text_file(const std::filesystem::path& file);

}  // namespace doppelpack::sim
