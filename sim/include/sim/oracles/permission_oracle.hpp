// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Judges what the inverter is told by what it would find: a direction that the buses allow is one in
// which current can flow ("permission").
#pragma once

#include <array>
#include <cstdint>

#include "sim/oracles/objections.hpp"
#include "sim/oracles/sight.hpp"

namespace doppelpack::sim {

class PermissionOracle {
 public:
  explicit PermissionOracle(const Product& product) : product_(&product) {}
  void look(const Sight& sight, Objections& objections);

 private:
  struct Direction {
    const char* name;
    std::uint8_t opens;  ///< bms_opens_t that shuts it
    Time since_ns = -1;  ///< allowed although shut
  };

  const Product* product_;
  std::uint32_t protections_ = 0;
  std::uint64_t failures_ = 0;
  std::uint8_t opens_ = 0;  ///< by these
  std::array<Direction, 2> directions_{
      {{"charge", BMS_OPENS_CHARGE}, {"discharge", BMS_OPENS_DISCHARGE}}};
};

}  // namespace doppelpack::sim
