// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "ports/port_failure.hpp"

#include <cerrno>
#include <string>
#include <system_error>

namespace doppelpack::can_emulator {

void fail(std::string_view uri, std::string_view what) {
  throw PortError(std::string(uri).append(": ").append(what));
}

void fail(std::string_view uri, std::string_view what, int error_number) {
  const std::string reason = std::generic_category().message(error_number);
  throw PortError(
      std::string(uri).append(": ").append(what).append(" (").append(reason).append(")"));
}

void fail_to_open(std::string_view uri, int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
      fail(uri, "no such device", error_number);
    case EACCES:
    case EPERM:
      fail(uri, "may not be opened by this user", error_number);
    case EBUSY:
      fail(uri, "in use by another program", error_number);
    default:
      fail(uri, "cannot be opened", error_number);
  }
}

bool is_temporary(int error_number) {
  static_assert(EAGAIN == EWOULDBLOCK, "as everywhere on Linux");
  return error_number == EAGAIN || error_number == EINTR;
}

bool is_lost_on_the_way(int error_number) {
  return is_temporary(error_number) || error_number == ENOBUFS || error_number == ENETUNREACH ||
         error_number == ENETDOWN || error_number == EHOSTUNREACH || error_number == EPERM;
}

}  // namespace doppelpack::can_emulator
