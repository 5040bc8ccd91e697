// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Numbers and text in the bytes of a CAN frame. What is written saturates; positions count from 0.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "can_emulator/battery.hpp"
#include "can_emulator/frame.hpp"
#include "protocols/wire_values.hpp"

namespace doppelpack::can_emulator {

/// Fills a frame from the left. Bytes beyond the eighth are a mistake of the caller and are lost.
class FrameBuilder {
 public:
  explicit FrameBuilder(std::uint32_t id, bool is_extended = false) {
    frame_.id = id;
    frame_.is_extended = is_extended;
  }

  FrameBuilder& byte(std::int64_t value) { return raw(saturate<std::uint8_t>(value)); }
  FrameBuilder& u16le(std::int64_t value) { return little(saturate<std::uint16_t>(value)); }
  FrameBuilder& s16le(std::int64_t value) {
    return little(static_cast<std::uint16_t>(saturate<std::int16_t>(value)));
  }
  FrameBuilder& u16be(std::int64_t value) { return big(saturate<std::uint16_t>(value)); }
  FrameBuilder& s16be(std::int64_t value) {
    return big(static_cast<std::uint16_t>(saturate<std::int16_t>(value)));
  }
  FrameBuilder& text(std::string_view text, std::size_t width, char padding) {
    for (const char character : to_text_field(text, width, padding))
      raw(static_cast<std::uint8_t>(character));
    return *this;
  }

  /// The frame, at least so many bytes long; those not written are 0.
  CanFrame padded_to(std::uint8_t dlc) const {
    CanFrame frame = frame_;
    frame.dlc = std::max(frame.dlc, dlc);
    return frame;
  }
  CanFrame frame() const { return frame_; }

 private:
  FrameBuilder& raw(std::uint8_t value) {
    if (frame_.dlc < frame_.data.size()) frame_.data[frame_.dlc++] = value;
    return *this;
  }
  FrameBuilder& little(std::uint16_t word) {
    return raw(static_cast<std::uint8_t>(word)).raw(static_cast<std::uint8_t>(word >> 8));
  }
  FrameBuilder& big(std::uint16_t word) {
    return raw(static_cast<std::uint8_t>(word >> 8)).raw(static_cast<std::uint8_t>(word));
  }

  CanFrame frame_;
};

inline std::uint16_t u16le_at(const CanFrame& frame, std::size_t index) {
  return static_cast<std::uint16_t>(frame.data[index] | (frame.data[index + 1] << 8));
}
inline int s16le_at(const CanFrame& frame, std::size_t index) {
  return static_cast<std::int16_t>(u16le_at(frame, index));
}
inline std::uint16_t u16be_at(const CanFrame& frame, std::size_t index) {
  return static_cast<std::uint16_t>((frame.data[index] << 8) | frame.data[index + 1]);
}
inline int s16be_at(const CanFrame& frame, std::size_t index) {
  return static_cast<std::int16_t>(u16be_at(frame, index));
}
/// Text from `index` to the end of the frame.
inline std::string text_at(const CanFrame& frame, std::size_t index) {
  const std::size_t end = std::min<std::size_t>(frame.dlc, frame.data.size());
  std::string text;
  for (std::size_t i = index; i < end; ++i) text += static_cast<char>(frame.data[i]);
  return from_text_field(text, " ");
}

/// Taking over one kind of frame. `decode` is called for frames of at least `min_dlc` bytes.
struct FrameDecoder {
  std::uint32_t id;
  std::uint8_t min_dlc;
  void (*decode)(const CanFrame& frame, const Choices& choices, BatteryView& view);
};

/// False: none of these frames, too short, or not a data frame with that kind of identifier.
inline bool decode_by(std::span<const FrameDecoder> decoders, bool is_extended,
                      const CanFrame& frame, const Choices& choices, BatteryView& view) {
  if (frame.is_extended != is_extended || frame.is_remote) return false;
  for (const FrameDecoder& decoder : decoders) {
    if (decoder.id != frame.id) continue;
    if (frame.dlc < decoder.min_dlc) return false;
    decoder.decode(frame, choices, view);
    return true;
  }
  return false;
}

}  // namespace doppelpack::can_emulator
