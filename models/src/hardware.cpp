// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/hardware.hpp"

namespace doppelpack::models {

Hardware flawless_hardware(int cell_count, int ntc_count, int position_count) {
  const auto cells = static_cast<std::size_t>(cell_count);
  const auto positions = position_count > 0 ? static_cast<std::size_t>(position_count) : cells;
  Hardware hardware;
  hardware.cell_short_S.assign(cells, 0.0);
  hardware.link_extra_Ohm.assign(positions, 0.0);
  hardware.sense_wires.assign(positions + 1, SenseWireCondition{});
  hardware.ntcs.assign(static_cast<std::size_t>(ntc_count), NtcCondition{});
  return hardware;
}

}  // namespace doppelpack::models
