// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "ports/python_can_message.hpp"

#include <algorithm>
#include <bit>
#include <string_view>

namespace doppelpack::can_emulator {
namespace {

// First bytes of msgpack values (https://github.com/msgpack/msgpack/blob/master/spec.md).
constexpr std::uint8_t kFixmap = 0x80;  // to 0x8F: number of pairs
constexpr std::uint8_t kFixstr = 0xA0;  // to 0xBF: length
constexpr std::uint8_t kNil = 0xC0;
constexpr std::uint8_t kFalseValue = 0xC2;
constexpr std::uint8_t kTrueValue = 0xC3;
constexpr std::uint8_t kBin8 = 0xC4;
constexpr std::uint8_t kBin16 = 0xC5;
constexpr std::uint8_t kFloat32 = 0xCA;
constexpr std::uint8_t kFloat64 = 0xCB;
constexpr std::uint8_t kUint8 = 0xCC;
constexpr std::uint8_t kUint16 = 0xCD;
constexpr std::uint8_t kUint32 = 0xCE;
constexpr std::uint8_t kUint64 = 0xCF;
constexpr std::uint8_t kInt8 = 0xD0;
constexpr std::uint8_t kInt64 = 0xD3;
constexpr std::uint8_t kStr8 = 0xD9;
constexpr std::uint8_t kStr16 = 0xDA;
constexpr std::uint8_t kMap16 = 0xDE;

void append_big_endian(Bytes& to, std::uint64_t value, int size) {
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
    to += static_cast<std::uint8_t>(value >> shift & 0xFF);
  }
}

void append_key(Bytes& to, std::string_view key) {
  to += static_cast<std::uint8_t>(kFixstr | key.size());
  to.append(key.begin(), key.end());
}

void append_unsigned(Bytes& to, std::uint32_t value) {
  if (value >= 0x80) {
    const int size = value <= 0xFF ? 1 : value <= 0xFFFF ? 2 : 4;
    to += size == 1 ? kUint8 : size == 2 ? kUint16 : kUint32;
    append_big_endian(to, value, size);
  } else {
    to += static_cast<std::uint8_t>(value);
  }
}

void append_flag(Bytes& to, std::string_view key, bool value) {
  append_key(to, key);
  to += value ? kTrueValue : kFalseValue;
}

/// The types of msgpack that a message may hold; a value is one of them.
struct Value {
  enum class Kind { nil, flag, integer, real, text, binary } kind = Kind::nil;
  std::uint64_t integer = 0;  ///< also of a flag; kNegative for any number below zero
  BytesView bytes;            ///< of text and binary

  static constexpr std::uint64_t kNegative = ~std::uint64_t{0};

  bool is_text(std::string_view text) const {
    return kind == Kind::text && std::equal(bytes.begin(), bytes.end(), text.begin(), text.end());
  }
};

class Reader {
 public:
  explicit Reader(BytesView from) : left_(from) {}

  bool has_ended() const { return left_.empty(); }

  std::optional<std::uint64_t> take_map_size() {
    const std::optional<std::uint64_t> type = take_big_endian(1);
    if (type && (*type & 0xF0) == kFixmap) return *type & 0x0F;
    if (type == kMap16) return take_big_endian(2);
    return std::nullopt;
  }

  std::optional<Value> take_value() {
    using enum Value::Kind;
    const std::optional<std::uint64_t> type = take_big_endian(1);
    if (!type) return std::nullopt;
    if (*type < 0x80) return Value{integer, *type, {}};
    if (*type >= 0xE0) return Value{integer, Value::kNegative, {}};
    if ((*type & 0xE0) == kFixstr) return take_bytes(text, *type & 0x1F);
    if (*type == kBin8 || *type == kBin16) return take_sized_bytes(binary, 1U << (*type - kBin8));
    if (*type == kStr8 || *type == kStr16) return take_sized_bytes(text, 1U << (*type - kStr8));
    if (*type >= kUint8 && *type <= kUint64) return take_number(integer, 1U << (*type - kUint8));
    if (*type >= kInt8 && *type <= kInt64) return take_signed(1U << (*type - kInt8));
    switch (*type) {
      case kNil:
        return Value{};
      case kFalseValue:
      case kTrueValue:
        return Value{flag, *type == kTrueValue, {}};
      case kFloat32:
        return take_number(real, 4);
      case kFloat64:
        return take_number(real, 8);
      default:
        return std::nullopt;
    }
  }

 private:
  std::optional<std::uint64_t> take_big_endian(std::size_t size) {
    if (left_.size() < size) return std::nullopt;
    std::uint64_t value = 0;
    for (const std::uint8_t byte : left_.substr(0, size)) value = value << 8 | byte;
    left_.remove_prefix(size);
    return value;
  }

  std::optional<Value> take_number(Value::Kind kind, std::size_t size) {
    const std::optional<std::uint64_t> number = take_big_endian(size);
    return number ? std::optional(Value{kind, *number, {}}) : std::nullopt;
  }

  std::optional<Value> take_signed(std::size_t size) {
    std::optional<Value> number = take_number(Value::Kind::integer, size);
    if (number && number->integer >> (8 * size - 1) != 0) number->integer = Value::kNegative;
    return number;
  }

  std::optional<Value> take_bytes(Value::Kind kind, std::uint64_t length) {
    if (left_.size() < length) return std::nullopt;
    const Value value{kind, 0, left_.substr(0, length)};
    left_.remove_prefix(length);
    return value;
  }

  std::optional<Value> take_sized_bytes(Value::Kind kind, std::size_t size_of_length) {
    const std::optional<std::uint64_t> length = take_big_endian(size_of_length);
    return length ? take_bytes(kind, *length) : std::nullopt;
  }

  BytesView left_;
};

/// The arguments of can.Message that matter here, with its defaults.
struct Message {
  std::uint64_t id = 0;
  bool is_extended = true;
  bool is_remote = false;
  bool is_error = false;
  bool is_fd = false;
  std::optional<std::uint64_t> dlc;
  BytesView data;

  bool set(const Value& key, const Value& value) {
    using enum Value::Kind;
    const auto is = [&](std::string_view name, Value::Kind kind) {
      return key.is_text(name) && value.kind == kind;
    };
    if (is("arbitration_id", integer)) {
      id = value.integer;
    } else if (is("is_extended_id", flag)) {
      is_extended = value.integer != 0;
    } else if (is("is_remote_frame", flag)) {
      is_remote = value.integer != 0;
    } else if (is("is_error_frame", flag)) {
      is_error = value.integer != 0;
    } else if (is("is_fd", flag)) {
      is_fd = value.integer != 0;
    } else if (is("dlc", integer)) {
      dlc = value.integer;
    } else if (is("data", binary)) {
      data = value.bytes;
    }
    return key.kind == text;  // Times, channels and later additions are left alone.
  }

  std::optional<CanFrame> frame() const {
    CanFrame frame;
    const std::uint64_t length = dlc.value_or(data.size());
    const std::uint64_t highest_id = is_extended ? 0x1FFF'FFFF : 0x7FF;
    const bool has_its_data = is_remote || length == data.size();
    if (is_fd || is_error || id > highest_id || length > frame.data.size() || !has_its_data) {
      return std::nullopt;
    }
    frame.id = static_cast<std::uint32_t>(id);
    frame.is_extended = is_extended;
    frame.is_remote = is_remote;
    frame.dlc = static_cast<std::uint8_t>(length);
    if (!is_remote) std::copy(data.begin(), data.end(), frame.data.begin());
    return frame;
  }
};

}  // namespace

Bytes encode_python_can_message(const CanFrame& frame, std::int64_t t_ns) {
  constexpr int kPairs = 11;
  Bytes to{kFixmap | kPairs};
  append_key(to, "timestamp");
  to += kFloat64;
  append_big_endian(to, std::bit_cast<std::uint64_t>(static_cast<double>(t_ns) * 1e-9), 8);
  append_key(to, "arbitration_id");
  append_unsigned(to, frame.id);
  append_flag(to, "is_extended_id", frame.is_extended);
  append_flag(to, "is_remote_frame", frame.is_remote);
  append_flag(to, "is_error_frame", false);
  append_key(to, "channel");
  to += kNil;
  append_key(to, "dlc");
  append_unsigned(to, frame.dlc);
  append_key(to, "data");
  const std::uint8_t length = frame.is_remote ? 0 : frame.dlc;
  to += kBin8;
  to += length;
  to.append(frame.data.data(), length);
  append_flag(to, "is_fd", false);
  append_flag(to, "bitrate_switch", false);
  append_flag(to, "error_state_indicator", false);
  return to;
}

std::optional<CanFrame> decode_python_can_message(BytesView datagram) {
  Reader reader(datagram);
  const std::optional<std::uint64_t> pairs = reader.take_map_size();
  if (!pairs) return std::nullopt;
  Message message;
  for (std::uint64_t i = 0; i < *pairs; ++i) {
    const std::optional<Value> key = reader.take_value();
    const std::optional<Value> value = reader.take_value();
    if (!key || !value || !message.set(*key, *value)) return std::nullopt;
  }
  return reader.has_ended() ? message.frame() : std::nullopt;
}

}  // namespace doppelpack::can_emulator
