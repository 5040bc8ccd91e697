// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "turns.hpp"

namespace doppelpack::bindings {

TurnLock& turn_lock() {
  static TurnLock lock;
  return lock;
}

}  // namespace doppelpack::bindings
