// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/hardware.hpp"

namespace doppelpack::models {

Hardware flawless_hardware(int cell_count, int ntc_count) {
  Hardware hardware;
  hardware.cell_short_S.assign(static_cast<std::size_t>(cell_count), 0.0);
  hardware.link_extra_Ohm.assign(static_cast<std::size_t>(cell_count), 0.0);
  hardware.ntcs.assign(static_cast<std::size_t>(ntc_count), NtcCondition{});
  return hardware;
}

}  // namespace doppelpack::models
