// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "protocols/ydt1363_frame.hpp"

#include <algorithm>
#include <cassert>

#include "protocols/wire_values.hpp"

namespace doppelpack::can_emulator {
namespace {

constexpr std::uint8_t kSoi = 0x7E;
constexpr std::uint8_t kEoi = 0x0D;
constexpr std::size_t kHeaderSize = 12;  // VER to LENGTH, in characters
constexpr std::size_t kChecksumSize = 4;
constexpr std::size_t kMaxLenid = 0xFFF;
constexpr std::size_t kMaxFrameSize = 1 + kHeaderSize + kMaxLenid + kChecksumSize + 1;

constexpr int digit_value(std::uint8_t character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  return -1;
}

// Only for characters known to be hexadecimal.
unsigned from_hex(BytesView digits) {
  unsigned value = 0;
  for (const std::uint8_t digit : digits) {
    value = (value << 4) | static_cast<unsigned>(digit_value(digit));
  }
  return value;
}

void append_hex(Bytes& text, unsigned value, unsigned digit_count) {
  for (unsigned i = digit_count; i-- > 0;) {
    text.push_back(static_cast<std::uint8_t>("0123456789ABCDEF"[(value >> (4 * i)) & 0xF]));
  }
}

unsigned checksum_of(BytesView characters) {
  unsigned sum = 0;
  for (const std::uint8_t character : characters) sum += character;
  return (0U - sum) & 0xFFFF;
}

// The final mask matters: a nibble sum of 16 gives 0, where "invert and add one" gives 16.
unsigned length_checksum_of(unsigned lenid) {
  return (0U - ((lenid >> 8) + (lenid >> 4) + lenid)) & 0xF;
}

}  // namespace

FrameSpan find_ydt_frame(BytesView received) {
  const std::size_t end = received.find(kEoi, std::min(received.find(kSoi), received.size()));
  // A second SOI before the EOI means that the first one was noise or a frame cut short.
  const std::size_t start = received.rfind(kSoi, end);
  if (start == BytesView::npos) return {.garbage = received.size(), .length = 0};
  if (end == BytesView::npos) {
    const bool is_hopeless = received.size() - start >= kMaxFrameSize;
    return {.garbage = is_hopeless ? received.size() : start, .length = 0};
  }
  const std::size_t length = end + 1 - start;
  if (length > kMaxFrameSize) {
    FrameSpan next = find_ydt_frame(received.substr(end + 1));
    next.garbage += end + 1;
    return next;
  }
  return {.garbage = start, .length = length};
}

YdtParsed parse_ydt_frame(BytesView bytes) {
  YdtParsed parsed;
  if (bytes.size() < 1 + kHeaderSize + kChecksumSize + 1) return parsed;
  if (bytes.front() != kSoi || bytes.back() != kEoi) return parsed;
  const BytesView text = bytes.substr(1, bytes.size() - 2);
  const auto is_hex = [](std::uint8_t character) { return digit_value(character) >= 0; };
  if (!std::all_of(text.begin(), text.end(), is_hex)) return parsed;

  const auto byte_at = [text](std::size_t index) {
    return static_cast<std::uint8_t>(from_hex(text.substr(index, 2)));
  };
  parsed.frame = {byte_at(0), byte_at(2), byte_at(4), byte_at(6), {}};

  const BytesView summed = text.substr(0, text.size() - kChecksumSize);
  const unsigned length = from_hex(text.substr(8, 4));
  const unsigned lenid = length & kMaxLenid;
  if (from_hex(text.substr(summed.size())) != checksum_of(summed)) {
    parsed.fault = YdtFault::wrong_checksum;
  } else if ((length >> 12) != length_checksum_of(lenid)) {
    parsed.fault = YdtFault::wrong_length_checksum;
  } else if (lenid != summed.size() - kHeaderSize || lenid % 2 != 0) {
    parsed.fault = YdtFault::wrong_length;
  } else {
    parsed.fault = YdtFault::none;
    for (std::size_t i = kHeaderSize; i < summed.size(); i += 2) {
      parsed.frame.info.push_back(byte_at(i));
    }
  }
  return parsed;
}

Bytes encode_ydt_frame(const YdtFrame& frame) {
  const auto lenid = static_cast<unsigned>(2 * frame.info.size());
  assert(lenid <= kMaxLenid);
  Bytes text(1, kSoi);
  for (const unsigned byte : {frame.version, frame.address, frame.cid1, frame.code}) {
    append_hex(text, byte, 2);
  }
  append_hex(text, (length_checksum_of(lenid) << 12) | lenid, 4);
  for (const std::uint8_t byte : frame.info) append_hex(text, byte, 2);
  append_hex(text, checksum_of(BytesView(text).substr(1)), 4);
  text.push_back(kEoi);
  return text;
}

void InfoWriter::put(std::uint32_t value, unsigned byte_count) {
  for (unsigned i = byte_count; i-- > 0;) {
    bytes_.push_back(static_cast<std::uint8_t>((value >> (8 * i)) & 0xFF));
  }
}

void InfoWriter::put_u8(std::int64_t value) {
  put(saturate<std::uint8_t>(value), 1);
}
void InfoWriter::put_u16(std::int64_t value) {
  put(saturate<std::uint16_t>(value), 2);
}
void InfoWriter::put_s16(std::int64_t value) {
  put(static_cast<std::uint16_t>(saturate<std::int16_t>(value)), 2);
}
void InfoWriter::put_u24(std::int64_t value) {
  put(static_cast<std::uint32_t>(std::clamp<std::int64_t>(value, 0, 0xFFFFFF)), 3);
}

void InfoWriter::put_text(std::string_view text, std::size_t width, char padding) {
  for (const char character : to_text_field(text, width, padding)) {
    bytes_.push_back(static_cast<std::uint8_t>(character));
  }
}

unsigned InfoReader::get(std::size_t byte_count) {
  unsigned value = 0;
  for (std::size_t i = 0; i < byte_count; ++i) {
    if (rest_.empty()) {
      is_good_ = false;
      return 0;
    }
    value = (value << 8) | rest_.front();
    rest_.remove_prefix(1);
  }
  return value;
}

std::string InfoReader::text(std::size_t width) {
  std::string text;
  for (std::size_t i = 0; i < width; ++i) text.push_back(static_cast<char>(u8()));
  return text;
}

void InfoReader::skip(std::size_t byte_count) {
  for (std::size_t i = 0; i < byte_count; ++i) u8();
}

}  // namespace doppelpack::can_emulator
