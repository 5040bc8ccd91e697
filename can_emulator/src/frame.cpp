// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_emulator/frame.hpp"

#include <algorithm>
#include <cassert>

namespace doppelpack::can_emulator {
namespace {

constexpr unsigned kMaxDlc = 8;

// CRC delimiter, ACK slot and delimiter, 7 bits end of frame, 3 bits intermission: never stuffed.
constexpr std::int64_t kTailBits = 1 + 2 + 7 + 3;

// Walks over the stuffed part of a frame, start of frame to CRC, and counts the bits on the wire.
class StuffedBits {
 public:
  void push(std::uint32_t value, unsigned bit_count) {
    for (unsigned i = bit_count; i-- > 0;) push_bit(((value >> i) & 1U) != 0);
  }
  void push_crc() { push(crc_, 15); }
  std::int64_t count() const { return count_; }

 private:
  void push_bit(bool bit) {
    const bool is_crc_bit_set = ((crc_ >> 14) & 1U) != 0;
    crc_ = (crc_ << 1) & 0x7FFF;
    if (bit != is_crc_bit_set) crc_ ^= 0x4599;

    ++count_;
    run_ = (bit == last_) ? run_ + 1 : 1;
    last_ = bit;
    if (run_ == 5) {  // the stuff bit is the first one of the next run
      ++count_;
      run_ = 1;
      last_ = !bit;
    }
  }

  std::uint32_t crc_ = 0;
  std::int64_t count_ = 0;
  int run_ = 0;
  bool last_ = true;  // the bus was idle, which is recessive
};

// Exactly that many digits.
void append_number(std::string& text, std::uint64_t value, std::size_t digit_count, unsigned base) {
  text.append(digit_count, '0');
  for (auto digit = text.rbegin(); digit_count-- > 0; ++digit, value /= base) {
    *digit = "0123456789ABCDEF"[value % base];
  }
}

}  // namespace

std::int64_t frame_bit_count(const CanFrame& frame) {
  const std::uint32_t is_remote = frame.is_remote ? 1 : 0;
  StuffedBits bits;
  bits.push(0, 1);  // start of frame
  if (frame.is_extended) {
    bits.push(frame.id >> 18, 11);
    bits.push(0b11, 2);  // SRR, IDE
    bits.push(frame.id, 18);
    bits.push(is_remote, 1);
    bits.push(0b00, 2);  // r1, r0
  } else {
    bits.push(frame.id, 11);
    bits.push(is_remote, 1);
    bits.push(0b00, 2);  // IDE, r0
  }
  const unsigned dlc = std::min<unsigned>(frame.dlc, kMaxDlc);
  bits.push(dlc, 4);
  for (unsigned i = 0; !frame.is_remote && i < dlc; ++i) bits.push(frame.data[i], 8);
  bits.push_crc();

  return bits.count() + kTailBits;
}

std::int64_t frame_duration_ns(const CanFrame& frame, std::uint32_t bit_rate_Hz) {
  assert(bit_rate_Hz > 0);
  return (frame_bit_count(frame) * 1'000'000'000 + bit_rate_Hz / 2) / bit_rate_Hz;
}

std::string candump_stamp(std::int64_t t_ns) {
  const std::int64_t t_us = t_ns / 1000;
  std::string stamp = "(" + std::to_string(t_us / 1'000'000) + ".";
  append_number(stamp, static_cast<std::uint64_t>(t_us % 1'000'000), 6, 10);
  return stamp + ")";
}

std::string candump_line(std::int64_t t_ns, std::string_view interface, const CanFrame& frame) {
  std::string line = candump_stamp(t_ns) + " ";
  line += interface;
  line += ' ';
  append_number(line, frame.id, frame.is_extended ? 8 : 3, 16);
  line += '#';
  if (frame.is_remote) {
    line += 'R';
  } else {
    for (unsigned i = 0; i < std::min<unsigned>(frame.dlc, kMaxDlc); ++i) {
      append_number(line, frame.data[i], 2, 16);
    }
  }
  line += '\n';
  return line;
}

}  // namespace doppelpack::can_emulator
