// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "power/line_client.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "can_emulator/uri_parts.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::size_t kLongestLine = 4096;

bool is_for_later(int error_number) {
  return error_number == EAGAIN || error_number == EINTR || error_number == EINPROGRESS;
}

}  // namespace

LineClient::LineClient(const can_emulator::PortUri& uri) {
  const can_emulator::HostAndPort place = can_emulator::split_host_and_port(uri);
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int error =
      ::getaddrinfo(place.host.c_str(), std::to_string(place.port).c_str(), &wanted, &list);
  if (error != 0)
    throw can_emulator::PortError(
        fmt::format("{}: no such host '{}' ({})", uri.text, place.host, ::gai_strerror(error)));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> found(list, &::freeaddrinfo);
  std::memcpy(&address_, found->ai_addr, found->ai_addrlen);
  address_size_ = found->ai_addrlen;
}

void LineClient::connect() {
  if (socket_.is_open()) return;
  received_.clear();
  socket_ = can_emulator::FileDescriptor(
      ::socket(address_.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_.is_open()) return;
  const int on = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address_), address_size_) == 0)
    is_connected_ = true;
  else if (!is_for_later(errno))
    close();
}

void LineClient::close() {
  socket_ = can_emulator::FileDescriptor();
  is_connected_ = false;
  received_.clear();
}

short LineClient::events() const {
  return is_connected_ ? POLLIN : POLLOUT;
}

void LineClient::finish_connecting() {
  pollfd source{socket_.get(), POLLOUT, 0};
  if (::poll(&source, 1, 0) <= 0) return;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error == 0)
    is_connected_ = true;
  else
    close();
}

void LineClient::advance(std::vector<std::string>& lines) {
  if (!socket_.is_open()) return;
  if (!is_connected_) finish_connecting();
  if (is_connected_) receive(lines);
}

void LineClient::receive(std::vector<std::string>& lines) {
  std::array<char, 4096> bytes{};
  while (socket_.is_open()) {
    const ssize_t count = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
    if (count < 0 && is_for_later(errno)) return;
    if (count <= 0 || received_.size() > kLongestLine) return close();
    received_.append(bytes.data(), static_cast<std::size_t>(count));
    for (std::size_t end = received_.find('\n'); end != std::string::npos;
         end = received_.find('\n')) {
      lines.push_back(received_.substr(0, end));
      received_.erase(0, end + 1);
    }
  }
}

void LineClient::send(std::string_view line) {
  if (!is_connected_) return;
  const std::string bytes = fmt::format("{}\n", line);
  const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count != static_cast<ssize_t>(bytes.size())) close();
}

}  // namespace doppelpack::sim
