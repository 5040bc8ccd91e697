// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The inside of a CAN adapter that speaks slcan, without the wires: what it answers to each command
// of the LAWICEL CAN232 manual, and whether its channel is open.
//
// It answers like the hardware does: CR for done, z CR or Z CR for a frame sent, BEL for refused.
// What it cannot do is refused rather than ignored: acceptance filters, polled reception, CAN FD.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "can_emulator/frame.hpp"

namespace doppelpack::can_emulator {

class SlcanAdapter {
 public:
  struct Answer {
    std::string text;               ///< with its CR or BEL
    std::optional<CanFrame> frame;  ///< to be put on the bus
  };

  /// command: a line without its CR.
  Answer execute(std::string_view command);

  /// What the computer is told about a frame on the bus, with its CR. The channel must be open.
  std::string report(const CanFrame& frame, std::int64_t t_ns) const;

  bool is_open() const { return channel_ != Channel::closed; }

  /// As after power-up.
  void reset() { *this = SlcanAdapter{}; }

 private:
  enum class Channel { closed, normal, listen_only };

  bool configure(char command, std::string_view argument);
  bool open(Channel how);
  bool close();

  Channel channel_ = Channel::closed;
  bool has_timestamps_ = false;
};

}  // namespace doppelpack::can_emulator
