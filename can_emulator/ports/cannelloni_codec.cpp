// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "ports/cannelloni_codec.hpp"

#include <algorithm>

namespace doppelpack::can_emulator {
namespace {

constexpr std::uint8_t kVersion = 2;
constexpr std::uint8_t kDataOperation = 0;
constexpr std::size_t kHeaderBytes = 5;

// linux/can.h: CAN_EFF_FLAG, CAN_RTR_FLAG, CAN_ERR_FLAG, CAN_EFF_MASK, CAN_SFF_MASK.
constexpr std::uint32_t kExtendedFlag = 0x8000'0000;
constexpr std::uint32_t kRemoteFlag = 0x4000'0000;
constexpr std::uint32_t kErrorFlag = 0x2000'0000;
constexpr std::uint32_t kExtendedIds = 0x1FFF'FFFF;
constexpr std::uint32_t kStandardIds = 0x7FF;

constexpr std::uint8_t kFdFlag = 0x80;
constexpr std::size_t kMostFdBytes = 64;

void append_number(Bytes& to, std::uint32_t value, int size) {
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
    to += static_cast<std::uint8_t>(value >> shift & 0xFF);
  }
}

void append_frame(Bytes& to, const CanFrame& frame) {
  const std::uint32_t flags =
      (frame.is_extended ? kExtendedFlag : 0U) | (frame.is_remote ? kRemoteFlag : 0U);
  append_number(to, frame.id | flags, 4);
  to += frame.dlc;
  if (!frame.is_remote) to.append(frame.data.data(), frame.dlc);
}

class DatagramReader {
 public:
  explicit DatagramReader(BytesView from) : left_(from) {}

  /// Nothing when there are not that many bytes.
  std::optional<std::uint32_t> take_number(std::size_t size) {
    const std::optional<BytesView> bytes = take(size);
    if (!bytes) return std::nullopt;
    std::uint32_t value = 0;
    for (const std::uint8_t byte : *bytes) value = value << 8 | byte;
    return value;
  }

  std::optional<BytesView> take(std::size_t size) {
    if (left_.size() < size) return std::nullopt;
    const BytesView taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }

 private:
  BytesView left_;
};

CanFrame classic_frame(std::uint32_t id, std::size_t length, BytesView data) {
  CanFrame frame;
  frame.is_extended = (id & kExtendedFlag) != 0;
  frame.is_remote = (id & kRemoteFlag) != 0;
  frame.id = id & kExtendedIds;
  frame.dlc = static_cast<std::uint8_t>(length);
  std::copy(data.begin(), data.end(), frame.data.begin());
  return frame;
}

/// False: there is no such frame.
bool take_frame(DatagramReader& reader, CannelloniDatagram& into) {
  const std::optional<std::uint32_t> id = reader.take_number(4);
  const std::optional<std::uint32_t> length_byte = reader.take_number(1);
  if (!id || !length_byte) return false;
  const bool is_fd = (*length_byte & kFdFlag) != 0;
  if (is_fd && !reader.take(1)) return false;
  const std::size_t length = *length_byte & ~std::uint32_t{kFdFlag};
  if (length > (is_fd ? kMostFdBytes : CanFrame{}.data.size())) return false;
  const bool is_remote = (*id & kRemoteFlag) != 0;
  const std::optional<BytesView> data = reader.take(is_remote ? 0 : length);
  if (!data) return false;

  if (is_fd || (*id & kErrorFlag) != 0) {
    ++into.left_out;
    return true;
  }
  if ((*id & kExtendedFlag) == 0 && (*id & kExtendedIds) > kStandardIds) return false;
  into.frames.push_back(classic_frame(*id, length, *data));
  return true;
}

}  // namespace

Bytes encode_cannelloni(std::span<const CanFrame> frames, std::uint8_t sequence) {
  Bytes datagram{kVersion, kDataOperation, sequence};
  append_number(datagram, static_cast<std::uint32_t>(frames.size()), 2);
  for (const CanFrame& frame : frames) append_frame(datagram, frame);
  return datagram;
}

std::optional<CannelloniDatagram> decode_cannelloni(BytesView datagram) {
  if (datagram.size() < kHeaderBytes || datagram[0] != kVersion || datagram[1] != kDataOperation) {
    return std::nullopt;
  }
  DatagramReader reader(datagram.substr(3));
  CannelloniDatagram decoded;
  decoded.sequence = datagram[2];
  for (std::uint32_t left = reader.take_number(2).value_or(0); left > 0; --left) {
    if (!take_frame(reader, decoded)) return std::nullopt;
  }
  return decoded;
}

}  // namespace doppelpack::can_emulator
