// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The firmware's non-volatile memory: a chip that takes its time to write and keeps what it has got
// when its supply goes away.
#pragma once

#include <cstdint>
#include <vector>

#include "bms/types.h"
#include "sim/time.hpp"

namespace doppelpack::sim {

/// A page of a usual serial EEPROM takes 5 ms, whatever its length (data sheets of 24LC64 and others).
inline constexpr Time kNvmWriteTime = 5 * kMillisecond;

struct NvmState {
  std::vector<std::uint8_t> image;  ///< BMS_NVM_BYTES
  bms_nvm_write_t writing{};        ///< length 0: idle
  Time started_ns = 0;

  bool is_busy() const { return writing.length > 0; }
};

/// Carries out what is over by now_ns.
void advance(Time now_ns, NvmState& nvm);

/// Begins a write. The chip ignores one while it is busy, and bytes beyond its end.
void start_write(const bms_nvm_write_t& write, Time now_ns, NvmState& nvm);

/// The supply goes away: of a write under way the bytes written by now_ns stay, the others are as
/// before.
void cut_supply(Time now_ns, NvmState& nvm);

}  // namespace doppelpack::sim
