// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Whoever sits at an slcan adapter that a bench has put there.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>

#include "can_emulator/port.hpp"
#include "temporary_folder.hpp"

namespace doppelpack::sim::test {

/// The adapter is the file "can" of the folder.
inline can_emulator::PortUri slcan_in(const TemporaryFolder& folder) {
  return can_emulator::parse_port_uri("slcan-pty:" + folder.file("can"));
}

/// A computer at the slcan adapter of a bench.
class SlcanComputer {
 public:
  explicit SlcanComputer(const std::filesystem::path& device)
      : descriptor_(::open(device.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    say("O\r");
    await(1);
  }
  SlcanComputer(const SlcanComputer&) = delete;
  SlcanComputer& operator=(const SlcanComputer&) = delete;
  ~SlcanComputer() { ::close(descriptor_); }

  /// Every one is acknowledged by "z\r": it then is in the mailbox of the port, or about to be.
  void send_frames(std::string_view line, int count) {
    constexpr int kAtOnce = 100;
    for (int sent = 0; sent < count; sent += kAtOnce) {
      std::string lines;
      for (int i = 0; i < kAtOnce; ++i) lines.append(line).append("\r");
      say(lines);
      await(2 * kAtOnce);
    }
  }

 private:
  void say(const std::string& text) const {
    ASSERT_EQ(::write(descriptor_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  void await(std::size_t count) const {
    constexpr int kPatience_ms = 20'000;
    while (count > 0) {
      pollfd waiting{descriptor_, POLLIN, 0};
      ASSERT_EQ(::poll(&waiting, 1, kPatience_ms), 1) << "the adapter does not answer";
      char bytes[4096];
      const ssize_t got = ::read(descriptor_, bytes, std::min(sizeof bytes, count));
      ASSERT_GT(got, 0);
      count -= static_cast<std::size_t>(got);
    }
  }

  int descriptor_;
};

}  // namespace doppelpack::sim::test
