// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Everything that reads a wire, under arbitrary bytes: what the targets share. A target gets the bytes
// of one run and calls require() for what has to hold whatever they are; that it neither crashes nor
// hangs, nor takes much memory, is watched by libFuzzer and the sanitizers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "bms/types.h"
#include "can_emulator/battery.hpp"
#include "can_emulator/dialect.hpp"
#include "can_emulator/frame.hpp"
#include "can_emulator/serial_protocol.hpp"

namespace doppelpack::fuzz {

/// The bytes of a run, from the front; what is not there any more is zero.
class Input {
 public:
  explicit Input(can_emulator::BytesView bytes) : left_(bytes) {}

  bool is_empty() const { return left_.empty(); }
  std::uint8_t take_byte() {
    if (left_.empty()) return 0;
    const std::uint8_t byte = left_.front();
    left_.remove_prefix(1);
    return byte;
  }
  std::uint32_t take_word() {  // big-endian, so that an identifier can be read in a hex dump
    std::uint32_t word = 0;
    for (int i = 0; i < 4; ++i) word = word << 8 | take_byte();
    return word;
  }
  can_emulator::Bytes take_rest() {
    can_emulator::Bytes rest(left_);
    left_ = {};
    return rest;
  }

 private:
  can_emulator::BytesView left_;
};

/// Ends the run as a finding.
void require(bool holds, const char* what);

/// Id 4 (bit 31 extended, bit 30 remote, as in linux/can.h), length, data.
can_emulator::CanFrame take_frame(Input& input);

/// A classic frame that can be: its id fits, no data where there is none.
bool is_possible(const can_emulator::CanFrame& frame);

/// Every number finite, every list and text of a size that fits a pack.
void check_view(const can_emulator::BatteryView& view);

/// One that exists in a protocol with these options.
can_emulator::Choices take_choices(Input& input,
                                   std::span<const can_emulator::ProtocolOption> options);

/// Five bytes: a healthy pack, one at either end of its numbers, or any.
bms_report_t take_report(Input& input);

struct Target {
  std::string name;  ///< of its folder in corpus/, too
  std::function<void(Input)> run;
};

std::vector<Target> can_targets();
std::vector<Target> serial_targets();
std::vector<Target> port_targets();
std::vector<Target> log_targets();
std::vector<Target> meter_targets();

}  // namespace doppelpack::fuzz
