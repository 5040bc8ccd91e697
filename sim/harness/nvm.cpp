// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/nvm.hpp"

#include <algorithm>

namespace doppelpack::sim {

namespace {

// The first `count` bytes of the write arrive, the rest is forgotten.
void end_write(std::size_t count, NvmState& nvm) {
  const std::size_t offset = nvm.writing.offset;
  for (std::size_t i = 0; i < count && offset + i < nvm.image.size(); ++i)
    nvm.image[offset + i] = nvm.writing.bytes[i];
  nvm.writing = {};
}

}  // namespace

void advance(Time now_ns, NvmState& nvm) {
  if (nvm.is_busy() && now_ns - nvm.started_ns >= kNvmWriteTime) end_write(nvm.writing.length, nvm);
}

void start_write(const bms_nvm_write_t& write, Time now_ns, NvmState& nvm) {
  if (nvm.is_busy()) return;
  nvm.writing = write;
  nvm.writing.length = std::min<std::uint8_t>(write.length, BMS_NVM_WRITE_BYTES);
  nvm.started_ns = now_ns;
}

void cut_supply(Time now_ns, NvmState& nvm) {
  const Time spent_ns = std::min(now_ns - nvm.started_ns, kNvmWriteTime);
  end_write(static_cast<std::size_t>(nvm.writing.length * spent_ns / kNvmWriteTime), nvm);
}

}  // namespace doppelpack::sim
