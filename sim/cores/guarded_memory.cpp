// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "cores/guarded_memory.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace doppelpack::sim {

namespace {

constexpr std::byte kPattern{0xC5};  // neither zero nor a small number: what stray writes leave

}  // namespace

void GuardedMemory::raise_guards(std::span<std::byte> memory) const {
  std::ranges::fill(memory.first(kGuard_bytes), kPattern);
  std::ranges::fill(memory.subspan(behind()), kPattern);
}

// After every step, so without a loop over bytes.
bool GuardedMemory::is_intact(std::span<const std::byte> memory) const {
  static constexpr auto kGuard = [] {
    std::array<std::byte, 2 * kGuard_bytes> guard{};
    guard.fill(kPattern);
    return guard;
  }();
  const std::span<const std::byte> rest = memory.subspan(behind());
  return std::memcmp(memory.data(), kGuard.data(), kGuard_bytes) == 0 &&
         std::memcmp(rest.data(), kGuard.data(), rest.size()) == 0;
}

}  // namespace doppelpack::sim
