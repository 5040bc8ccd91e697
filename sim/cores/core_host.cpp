// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "cores/core_host.hpp"

#include "cores/isolated_host.hpp"
#include "cores/local_host.hpp"

namespace doppelpack::sim {

const char* name_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::crash:
      return "crash";
    case FailureKind::hang:
      return "hang";
    case FailureKind::overrun:
      return "overrun";
    case FailureKind::scribble:
      return "scribble";
    case FailureKind::divergence:
      break;
  }
  return "divergence";
}

std::unique_ptr<CoreHost> make_core_host(const CoreChoice& choice) {
  if (choice.is_isolated) return std::make_unique<IsolatedHost>(choice);
  return std::make_unique<LocalHost>(choice);
}

}  // namespace doppelpack::sim
