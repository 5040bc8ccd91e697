// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_emulator/frame.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>

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

// The digits a text begins with, at most so many; they are taken away from it.
std::string_view take_digits(std::string_view& text, std::size_t most, std::string_view digits) {
  const std::string_view found =
      text.substr(0, std::min(most, std::min(text.find_first_not_of(digits), text.size())));
  text.remove_prefix(found.size());
  return found;
}

constexpr std::string_view kDecimal = "0123456789";
constexpr std::string_view kHexadecimal = "0123456789ABCDEFabcdef";

std::int64_t to_number(std::string_view digits, int base) {
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  return number;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

bool take_blanks(std::string_view& text) {
  const std::size_t count = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(count);
  return count > 0;
}

constexpr std::size_t kMostSecondDigits = 10;  // 10 is enough up to the year 2286
constexpr std::size_t kMostFractionDigits = 9;

// "(12.345678)"
std::optional<std::int64_t> take_stamp_ns(std::string_view& text) {
  if (!take(text, '(')) return {};
  const std::string_view seconds = take_digits(text, kMostSecondDigits, kDecimal);
  if (seconds.empty() || !take(text, '.')) return {};
  const std::string fraction(take_digits(text, kMostFractionDigits, kDecimal));
  if (fraction.empty() || !take(text, ')')) return {};
  if (seconds.size() == kMostSecondDigits && seconds.front() > '8') return {};
  const std::string nanoseconds =
      fraction + std::string(kMostFractionDigits - fraction.size(), '0');
  return to_number(seconds, 10) * 1'000'000'000 + to_number(nanoseconds, 10);
}

// What follows the #. False: not a classic frame.
bool take_content(std::string_view& text, CanFrame& frame) {
  if (take(text, 'R')) {
    frame.is_remote = true;
    const std::string_view length = take_digits(text, 1, "012345678");
    frame.dlc = static_cast<std::uint8_t>(to_number(length, 10));
    return true;
  }
  while (frame.dlc < kMaxDlc) {
    const std::string_view digits = take_digits(text, 2, kHexadecimal);
    if (digits.empty()) return true;
    if (digits.size() != 2) return false;
    frame.data[frame.dlc++] = static_cast<std::uint8_t>(to_number(digits, 16));
    take(text, '.');
  }
  return true;
}

std::optional<CanFrame> take_frame(std::string_view& text) {
  constexpr std::size_t kStandardDigits = 3;
  constexpr std::size_t kExtendedDigits = 8;
  const std::string_view id = take_digits(text, kExtendedDigits, kHexadecimal);
  CanFrame frame;
  frame.id = static_cast<std::uint32_t>(to_number(id, 16));
  frame.is_extended = id.size() == kExtendedDigits;
  if (!frame.is_extended && id.size() != kStandardDigits) return {};
  if (frame.id > (frame.is_extended ? 0x1FFF'FFFFU : 0x7FFU)) return {};
  if (!take(text, '#') || !take_content(text, frame)) return {};
  return frame;
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

std::optional<CandumpEntry> parse_candump_line(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' ')) {
    line.remove_suffix(1);
  }
  take_blanks(line);
  const std::optional<std::int64_t> t_ns = take_stamp_ns(line);
  if (!t_ns || !take_blanks(line)) return {};
  const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  CandumpEntry entry{*t_ns, std::string(line.substr(0, end)), {}};
  line.remove_prefix(end);
  if (entry.interface.empty() || !take_blanks(line)) return {};
  const std::optional<CanFrame> frame = take_frame(line);
  if (!frame) return {};
  entry.frame = *frame;
  if (take_blanks(line) && !take(line, 'T')) take(line, 'R');
  if (!line.empty()) return {};
  return entry;
}

}  // namespace doppelpack::can_emulator
