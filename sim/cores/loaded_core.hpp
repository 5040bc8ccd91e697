// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A core from a shared library, checked before it is used.
#pragma once

#include <memory>
#include <string>

#include "sim/core_choice.hpp"

namespace doppelpack::sim {

/// The most memory a core may ask for. Estimate: more than any microcontroller has.
inline constexpr std::size_t kMaxInstance_bytes = 16U << 20U;

/// The core that was chosen; holds its library open.
class LoadedCore {
 public:
  /// Throws DataError.
  explicit LoadedCore(const CoreChoice& choice);

  const bms_core_t& table() const { return *table_; }
  const std::string& version() const { return version_; }

 private:
  struct Close {
    void operator()(void* library) const;
  };
  std::unique_ptr<void, Close> library_;
  const bms_core_t* table_;
  std::string version_;
};

/// Lower-case hex. Throws DataError when the file cannot be read.
std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace doppelpack::sim
