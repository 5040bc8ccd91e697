// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "ports/pseudo_terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <termios.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "ports/port_failure.hpp"

namespace doppelpack::can_emulator {
namespace {

namespace fs = std::filesystem;

FileDescriptor open_master(const std::string& uri) {
  FileDescriptor master(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!master.is_open() || ::grantpt(master.get()) != 0 || ::unlockpt(master.get()) != 0) {
    fail(uri, "no pseudo-terminal", errno);
  }
  return master;
}

std::string terminal_of(const std::string& uri, const FileDescriptor& master) {
  std::array<char, 128> name{};
  const int error = ::ptsname_r(master.get(), name.data(), name.size());
  if (error != 0) fail(uri, "no pseudo-terminal", error);
  return name.data();
}

/// While no program has the terminal open, poll() reports a hang-up without end. An edge-triggered
/// epoll reports it once, so a thread that waits for the line sleeps until something changes.
FileDescriptor edges_of(const std::string& uri, const FileDescriptor& master) {
  FileDescriptor events(::epoll_create1(EPOLL_CLOEXEC));
  epoll_event interest{};
  interest.events = EPOLLIN | EPOLLET;
  if (!events.is_open() || ::epoll_ctl(events.get(), EPOLL_CTL_ADD, master.get(), &interest) != 0) {
    fail(uri, "cannot wait for the pseudo-terminal", errno);
  }
  return events;
}

bool was_left_by_a_terminal(const fs::path& path) {
  std::error_code ignored;
  const fs::path target = fs::read_symlink(path, ignored);
  return target.parent_path() == "/dev/pts" || !fs::exists(path, ignored);
}

}  // namespace

TerminalLink::TerminalLink(const std::string& uri, std::string path, std::string terminal)
    : path_(std::move(path)), terminal_(std::move(terminal)) {
  std::error_code error;
  const fs::file_status there = fs::symlink_status(path_, error);
  if (fs::exists(there)) {
    if (!fs::is_symlink(there)) fail(uri, "a file of that name is in the way");
    if (!was_left_by_a_terminal(path_)) fail(uri, "a link to something else is in the way");
    fs::remove(path_, error);
  }
  fs::create_symlink(terminal_, path_, error);
  if (error) fail(uri, "the link cannot be made", error.value());
}

TerminalLink::~TerminalLink() {
  std::error_code ignored;
  if (fs::read_symlink(path_, ignored) == terminal_) fs::remove(path_, ignored);
}

PseudoTerminal::PseudoTerminal(const std::string& uri, const std::string& link)
    : uri_(uri),
      master_(open_master(uri)),
      terminal_(terminal_of(uri, master_)),
      events_(edges_of(uri, master_)),
      link_(uri, link, terminal_) {
  clear_line();
}

bool PseudoTerminal::is_attached() {
  pollfd line{master_.get(), 0, 0};
  ::poll(&line, 1, 0);
  const bool is_attached = (line.revents & POLLHUP) == 0;
  if (was_attached_ && !is_attached) clear_line();
  was_attached_ = is_attached;
  return is_attached;
}

/// Throws away what nobody read, and undoes the line settings of the last program. Opening and
/// closing the far end is also what makes a new terminal report that nobody is there.
void PseudoTerminal::clear_line() {
  ::tcflush(master_.get(), TCOFLUSH);
  const FileDescriptor far_end(::open(terminal_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  termios settings{};
  if (!far_end.is_open() || ::tcgetattr(far_end.get(), &settings) != 0) {
    fail(uri_, "the pseudo-terminal cannot be set up", errno);
  }
  ::cfmakeraw(&settings);
  ::tcsetattr(far_end.get(), TCSANOW, &settings);
  ::tcflush(far_end.get(), TCIFLUSH);
}

std::size_t PseudoTerminal::read(std::span<std::uint8_t> into) {
  epoll_event edge{};
  ::epoll_wait(events_.get(), &edge, 1, 0);
  const ssize_t count = ::read(master_.get(), into.data(), into.size());
  if (count > 0) return static_cast<std::size_t>(count);
  const int error = errno;
  is_attached();
  const bool is_silent = count == 0 || error == EIO || is_temporary(error);  // EIO: hung up
  if (!is_silent) fail(uri_, "the pseudo-terminal is gone", error);
  return 0;
}

std::size_t PseudoTerminal::write(BytesView bytes) {
  if (bytes.empty() || !is_attached()) return 0;
  const ssize_t count = ::write(master_.get(), bytes.data(), bytes.size());
  if (count >= 0) return static_cast<std::size_t>(count);
  if (errno != EIO && !is_temporary(errno)) fail(uri_, "the pseudo-terminal is gone", errno);
  return 0;
}

}  // namespace doppelpack::can_emulator
