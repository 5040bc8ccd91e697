// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A text file that is complete up to its last line whenever the process dies.
#pragma once

#include <filesystem>
#include <fstream>
#include <string_view>

namespace doppelpack::sim {

class LineFile {
 public:
  /// Creates the file, or empties it. Throws DataError with the path and the reason.
  explicit LineFile(std::filesystem::path path);

  /// Writes and flushes. `line` ends in a newline. Throws DataError, for instance on a full disk.
  void write(std::string_view line);

 private:
  std::filesystem::path path_;
  std::ofstream stream_;
};

/// With those above it; one that is there already is fine. Throws DataError.
void create_folder(const std::filesystem::path& folder);

/// Writes a whole file at once: the old content stays until the new is complete. Throws DataError.
void replace_file(const std::filesystem::path& path, std::string_view content);

}  // namespace doppelpack::sim
