// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Writes a trace of the protection core: see sim/bms_trace_format.h. The benches of several
// scenarios may write into one file, one after the other.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>

#include "bms/bms.h"

namespace doppelpack::sim {

class BmsTrace {
 public:
  /// Creates the file, or empties it. Throws DataError with the path and the reason.
  explicit BmsTrace(std::filesystem::path path);

  /// The core accepted this configuration. Throws DataError, as step() does, on a full disk.
  void power_up(const bms_config_t& config, std::span<const std::uint8_t, BMS_NVM_BYTES> nvm);
  void step(const bms_inputs_t& inputs, std::uint32_t dt_us, const bms_outputs_t& outputs);

  /// Brings everything to the disk. Throws DataError.
  void flush();

 private:
  void write(const void* data, std::size_t bytes);

  std::filesystem::path path_;
  std::ofstream stream_;
};

}  // namespace doppelpack::sim
