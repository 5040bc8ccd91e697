// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "ports/slcan_codec.hpp"

#include <algorithm>
#include <charconv>

namespace doppelpack::can_emulator {
namespace {

constexpr std::uint32_t kHighestStandardId = 0x7FF;
constexpr std::uint32_t kHighestExtendedId = 0x1FFF'FFFF;
constexpr std::size_t kTimestampDigits = 4;
constexpr std::size_t kLongestLine = 64;  // the longest of classic CAN has 30 characters

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::uint32_t parse_hexadecimal(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) value = value << 4 | static_cast<std::uint32_t>(digit_value(c));
  return value;
}

}  // namespace

bool is_hexadecimal(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return digit_value(c) >= 0; });
}

void append_hexadecimal(std::string& text, std::uint32_t value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    text += "0123456789ABCDEF"[value >> shift & 0xF];
  }
}

std::string encode_slcan(const CanFrame& frame) {
  std::string line(1, frame.is_remote ? 'r' : 't');
  if (frame.is_extended) line[0] = frame.is_remote ? 'R' : 'T';
  append_hexadecimal(line, frame.id, frame.is_extended ? 8 : 3);
  append_hexadecimal(line, frame.dlc, 1);
  if (frame.is_remote) return line;
  for (std::size_t i = 0; i < frame.dlc; ++i) append_hexadecimal(line, frame.data[i], 2);
  return line;
}

std::optional<CanFrame> decode_slcan(std::string_view line) {
  if (line.empty() || std::string_view("tTrR").find(line[0]) == std::string_view::npos) return {};
  CanFrame frame;
  frame.is_extended = line[0] == 'T' || line[0] == 'R';
  frame.is_remote = line[0] == 'r' || line[0] == 'R';
  line.remove_prefix(1);

  const std::size_t id_digits = frame.is_extended ? 8 : 3;
  if (line.size() < id_digits + 1 || !is_hexadecimal(line)) return {};
  frame.id = parse_hexadecimal(line.substr(0, id_digits));
  if (frame.id > (frame.is_extended ? kHighestExtendedId : kHighestStandardId)) return {};
  const std::uint32_t length = parse_hexadecimal(line.substr(id_digits, 1));
  if (length > frame.data.size()) return {};
  frame.dlc = static_cast<std::uint8_t>(length);
  line.remove_prefix(id_digits + 1);

  const std::size_t data_digits = frame.is_remote ? 0 : 2 * std::size_t{frame.dlc};
  if (line.size() != data_digits && line.size() != data_digits + kTimestampDigits) return {};
  for (std::size_t i = 0; 2 * i < data_digits; ++i) {
    frame.data[i] = static_cast<std::uint8_t>(parse_hexadecimal(line.substr(2 * i, 2)));
  }
  return frame;
}

void SlcanLines::append(BytesView bytes) {
  buffer_.erase(0, start_);
  start_ = 0;
  buffer_.append(bytes.begin(), bytes.end());
}

std::optional<SlcanLines::Line> SlcanLines::next() {
  const std::size_t end = buffer_.find_first_of("\r\a", start_);
  if (end == std::string::npos) {
    // What never ends is no slcan: keep the buffer bounded, the rest of the line is refused.
    if (buffer_.size() - start_ > kLongestLine) start_ = buffer_.size() - kLongestLine;
    return std::nullopt;
  }
  Line line{buffer_.substr(start_, end - start_), buffer_[end] == kSlcanRefused};
  start_ = end + 1;
  std::erase(line.text, '\n');  // typed by people whose terminal sends CR LF
  return line;
}

void SlcanLines::clear() {
  buffer_.clear();
  start_ = 0;
}

}  // namespace doppelpack::can_emulator
