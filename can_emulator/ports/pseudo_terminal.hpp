// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A pseudo-terminal with a name of its choice: other programs open the name as a serial device.
//
// What is written while no program has it open is refused, and what the last one left unread when it
// closed is thrown away: the next one starts with an empty line, as on a wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "can_emulator/file_descriptor.hpp"
#include "can_emulator/serial_protocol.hpp"

namespace doppelpack::can_emulator {

/// The symbolic link that names a terminal; removed at the end of its life unless another program
/// has taken the name over.
class TerminalLink {
 public:
  /// Replaces a link that a terminal left behind, and nothing else. Throws PortError.
  TerminalLink(const std::string& uri, std::string path, std::string terminal);
  TerminalLink(const TerminalLink&) = delete;
  TerminalLink& operator=(const TerminalLink&) = delete;
  ~TerminalLink();

 private:
  std::string path_;
  std::string terminal_;
};

class PseudoTerminal {
 public:
  /// uri: for messages; link: the name to appear in the file system. Throws PortError.
  PseudoTerminal(const std::string& uri, const std::string& link);

  /// Becomes readable when there is something to read, and when the last program closed.
  int descriptor() const { return events_.get(); }

  /// Does a program have the terminal open? Clears the line when the last one has gone.
  bool is_attached();

  /// 0: nothing waiting.
  std::size_t read(std::span<std::uint8_t> into);

  /// Number of bytes taken; 0 when nobody is attached or the line is full.
  std::size_t write(BytesView bytes);

 private:
  void clear_line();

  std::string uri_;
  FileDescriptor master_;
  std::string terminal_;  // "/dev/pts/3"
  FileDescriptor events_;
  bool was_attached_ = false;
  TerminalLink link_;
};

}  // namespace doppelpack::can_emulator
