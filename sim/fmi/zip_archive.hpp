// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Zip files whose bytes follow from their content alone.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace doppelpack::fmi {

struct ZipEntry {
  std::string name;  ///< with slashes
  std::string bytes;
};

/// In that order, each as of 1 January 1980. The old file stays until the new one is complete. Throws
/// DataError.
void write_zip(const std::filesystem::path& file, const std::vector<ZipEntry>& entries);

}  // namespace doppelpack::fmi
