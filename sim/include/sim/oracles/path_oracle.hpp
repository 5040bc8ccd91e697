// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Judges what follows from an alarm: what it opens is open within the time of the actuator
// ("reaction"), and stays so until the product's conditions of release hold ("stays-open").
#pragma once

#include <array>
#include <cstdint>

#include "sim/oracles/objections.hpp"
#include "sim/oracles/sight.hpp"

namespace doppelpack::sim {

class PathOracle {
 public:
  explicit PathOracle(const Product& product);
  void look(const Sight& sight, Objections& objections);

 private:
  struct Direction {
    const char* name;
    std::uint8_t opens;        ///< bms_opens_t that blocks it
    Time blocked_ns = -1;      ///< since then, by an alarm
    Time flowing_ns = -1;      ///< since then current flows in it
    bool has_stopped = false;  ///< since it is blocked
    Time reversed_ns = -1;     ///< when current last flowed against it, or seemed to
    bool has_opened = false;   ///< its gate, since it is blocked
  };
  void judge_direction(const Sight& sight, bool is_blocked, bool is_flowing, Direction& direction,
                       Objections& objections) const;
  void judge_gate(const Sight& sight, bool is_driven, Direction& direction,
                  Objections& objections) const;
  void judge_gates(const Sight& sight, Objections& objections) const;
  void judge_releases(const Sight& sight, Objections& objections) const;
  void remember(const Sight& sight, bool is_anew);

  const Product* product_;
  Time actuator_ns_;
  std::array<Direction, 2> directions_;
  std::array<Time, BMS_RULE_COUNT> tripped_ns_{};  ///< -1: before this oracle began to look
  std::uint8_t opens_ = 0;                         ///< by the alarms of last_
  Sight last_;
  bool is_first_ = true;
};

}  // namespace doppelpack::sim
