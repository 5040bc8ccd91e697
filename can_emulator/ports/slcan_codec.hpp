// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The text of the slcan (LAWICEL) protocol: one line per frame or command, ended by CR. An adapter
// acknowledges with an empty line, and refuses with BEL alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "can_emulator/frame.hpp"
#include "can_emulator/serial_protocol.hpp"

namespace doppelpack::can_emulator {

constexpr char kSlcanEnd = '\r';
constexpr char kSlcanRefused = '\a';

/// tIIILDD.. / TIIIIIIIILDD.. / rIIIL / RIIIIIIIIL, without the CR.
std::string encode_slcan(const CanFrame& frame);

/// The frame a line without its CR stands for; nothing when it is no frame or not a valid one. Four
/// more digits at its end are the time stamp some adapters add; it is ignored.
std::optional<CanFrame> decode_slcan(std::string_view line);

bool is_hexadecimal(std::string_view text);
void append_hexadecimal(std::string& text, std::uint32_t value, int digits);

/// Cuts received bytes into lines.
class SlcanLines {
 public:
  struct Line {
    std::string text;
    bool is_refusal = false;  ///< ended by BEL
  };

  void append(BytesView bytes);
  std::optional<Line> next();
  void clear();

 private:
  std::string buffer_;
  std::size_t start_ = 0;
};

}  // namespace doppelpack::can_emulator
