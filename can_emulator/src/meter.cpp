// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_emulator/meter.hpp"

namespace doppelpack::can_emulator {

const Meter* find_meter(std::string_view key) {
  for (const Meter* meter : meters()) {
    if (meter->key == key) return meter;
  }
  return nullptr;
}

}  // namespace doppelpack::can_emulator
