// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "cores/guarded_memory.hpp"

#include <algorithm>

namespace doppelpack::sim {

void GuardedMemory::raise_guards(std::span<std::byte> memory) const {
  constexpr std::byte kByte{kPattern & 0xFFU};
  std::ranges::fill(memory.first(kGuard_bytes), kByte);
  std::ranges::fill(memory.subspan(behind()), kByte);
}

}  // namespace doppelpack::sim
