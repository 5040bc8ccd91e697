// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// candump:FILE - writes the frames into a log that canplayer, SavvyCAN and python-can read. Each line
// is handed to the system at once, so that nothing is lost when the program is killed.
#include <fcntl.h>

#include <cerrno>
#include <string>
#include <utility>

#include "can_emulator/file_descriptor.hpp"
#include "can_emulator/uri_parts.hpp"
#include "ports/port_failure.hpp"

namespace doppelpack::can_emulator {
namespace {

class CandumpPort final : public CanPort {
 public:
  CandumpPort(const PortUri& uri, std::string interface)
      : uri_(uri.text),
        interface_(std::move(interface)),
        file_(::open(uri.address.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
    if (!file_.is_open()) fail(uri_, "the file cannot be written", errno);
  }

  int descriptor() const override { return -1; }
  std::optional<CanFrame> read() override { return std::nullopt; }

  bool write(const CanFrame& frame, std::int64_t t_ns) override {
    const std::string line = candump_line(t_ns, interface_, frame);
    for (std::size_t done = 0; done < line.size();) {
      const ssize_t count = ::write(file_.get(), line.data() + done, line.size() - done);
      if (count >= 0) {
        done += static_cast<std::size_t>(count);
      } else if (errno != EINTR) {
        fail(uri_, "the file cannot be written", errno);
      }
    }
    return true;
  }

 private:
  std::string uri_;
  std::string interface_;
  FileDescriptor file_;
};

std::unique_ptr<CanPort> open(const PortUri& uri) {
  allow_options(uri, {"interface"});
  std::string interface = text_option(uri, "interface", "can0");
  if (interface.empty() || interface.find_first_of(" \t\r\n") != std::string::npos) {
    fail(uri.text, "option 'interface' must be a name without spaces");
  }
  return std::make_unique<CandumpPort>(uri, std::move(interface));
}

}  // namespace

extern const PortScheme candump;
const PortScheme candump{
    .key = "candump",
    .syntax = "candump:FILE[?interface=can0]",
    .help = "log file in the format of candump -L; an existing file is overwritten",
    .is_file = true,
    .open_can = open,
    .open_bytes = nullptr,
};

}  // namespace doppelpack::can_emulator
