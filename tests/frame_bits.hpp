// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The length of a CAN frame by another route than ours: the frame as text, the CRC as a long
// division, and stuff bits inserted into the text.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "can_emulator/frame.hpp"

namespace doppelpack {

inline std::string bits_as_text(const std::vector<bool>& bits) {
  std::string text;
  for (const bool bit : bits) text += bit ? '1' : '0';
  return text;
}

/// Of a classic frame on the wire, intermission included.
inline std::int64_t frame_bits(const can_emulator::CanFrame& frame) {
  const std::string id = std::bitset<29>(frame.id).to_string();
  const std::string rtr = frame.is_remote ? "1" : "0";
  std::string bits = frame.is_extended ? "0" + id.substr(0, 11) + "11" + id.substr(11) + rtr + "00"
                                       : "0" + id.substr(18) + rtr + "00";
  bits += std::bitset<4>(frame.dlc).to_string();
  for (int i = 0; i < frame.dlc && !frame.is_remote; ++i) {
    bits += std::bitset<8>(frame.data[static_cast<std::size_t>(i)]).to_string();
  }

  // X^15 + X^14 + X^10 + X^8 + X^7 + X^4 + X^3 + 1
  const std::string generator = "1100010110011001";
  std::vector<bool> remainder;
  for (const char bit : bits + std::string(15, '0')) remainder.push_back(bit == '1');
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (!remainder[i]) continue;
    for (std::size_t j = 0; j < generator.size(); ++j) {
      remainder[i + j] = remainder[i + j] != (generator[j] == '1');
    }
  }
  bits += bits_as_text({remainder.end() - 15, remainder.end()});

  for (std::size_t end = 5; end <= bits.size(); ++end) {
    const std::string five = bits.substr(end - 5, 5);
    if (five == "00000") bits.insert(end, "1");
    if (five == "11111") bits.insert(end, "0");
  }
  // CRC delimiter, ACK slot, ACK delimiter, end of frame, intermission
  return static_cast<std::int64_t>(bits.size()) + 1 + 1 + 1 + 7 + 3;
}

}  // namespace doppelpack
