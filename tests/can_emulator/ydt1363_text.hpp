// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Frames of YD/T 1363.3 in text, as they are printed: "~2002..." without the CR.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "can_emulator/serial_protocol.hpp"

namespace doppelpack::can_emulator {

inline Bytes raw(const std::string& text) {
  return Bytes(text.begin(), text.end());
}

inline Bytes bytes_of(const std::string& text) {
  return raw(text + '\r');
}

inline std::string text_of(BytesView bytes) {
  std::string text(bytes.begin(), bytes.end());
  EXPECT_TRUE(text.ends_with('\r')) << text;
  return text.substr(0, text.find('\r'));
}

/// A request with a checksum, by another route than the code under test.
inline std::string request_of(const std::string& characters) {
  unsigned checksum = 0x10000;
  for (const char character : characters) checksum -= static_cast<unsigned char>(character);
  char text[8];
  std::snprintf(text, sizeof text, "%04X", checksum & 0xFFFF);
  return "~" + characters + text;
}

/// The INFO of a frame, as text; and without its first byte.
inline std::string info_of(const std::string& frame) {
  return frame.substr(13, frame.size() - 17);
}
inline std::string info_after_flag(const std::string& frame) {
  return info_of(frame).substr(2);
}

/// A frame with that header (VER to RTN) and INFO, length and checksum by another route than the
/// code under test.
inline std::string frame_of(const std::string& header, const std::string& info) {
  const auto lenid = static_cast<unsigned>(info.size());
  char length[8];
  std::snprintf(length, sizeof length, "%X%03X",
                (16 - (lenid / 256 + lenid / 16 % 16 + lenid % 16) % 16) % 16, lenid);
  return request_of(header + length + info);
}

}  // namespace doppelpack::can_emulator
