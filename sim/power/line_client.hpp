// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A TCP client for lines of text that never blocks.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <string_view>
#include <vector>

#include "can_emulator/file_descriptor.hpp"
#include "can_emulator/port.hpp"

namespace doppelpack::sim {

class LineClient {
 public:
  /// Looks the host up, which may take a while. Throws PortError.
  explicit LineClient(const can_emulator::PortUri& uri);

  /// Begins to connect, unless it does already.
  void connect();
  /// Sends nothing more, forgets what was not read.
  void close();
  bool is_open() const { return socket_.is_open(); }
  bool is_connected() const { return is_connected_; }

  /// What to wait for with poll(); -1 while it is closed.
  int descriptor() const { return socket_.get(); }
  short events() const;

  /// After poll(): appends the whole lines that have come. It is closed once the other end is gone.
  void advance(std::vector<std::string>& lines);
  /// Closes the connection if it is not taken at once: a device that does not listen is lost.
  void send(std::string_view line);

 private:
  void finish_connecting();
  void receive(std::vector<std::string>& lines);

  sockaddr_storage address_{};
  socklen_t address_size_ = 0;
  can_emulator::FileDescriptor socket_;
  bool is_connected_ = false;
  std::string received_;
};

}  // namespace doppelpack::sim
