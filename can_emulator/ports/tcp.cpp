// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// tcp:HOST:PORT - a server, as serial device servers are: every client gets all bytes, and bytes from
// every client are received.
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <vector>

#include "can_emulator/file_descriptor.hpp"
#include "can_emulator/uri_parts.hpp"
#include "ports/port_failure.hpp"

namespace doppelpack::can_emulator {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

AddressList resolve(const PortUri& uri) {
  const HostAndPort address = split_host_and_port(uri);
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const char* const host = address.host.empty() ? "0.0.0.0" : address.host.c_str();
  const int error = ::getaddrinfo(host, std::to_string(address.port).c_str(), &wanted, &found);
  if (error != 0) {
    fail(uri.text, "no such host '" + address.host + "' (" + ::gai_strerror(error) + ")");
  }
  return {found, &::freeaddrinfo};
}

void switch_on(int socket, int level, int option) {
  const int on = 1;
  ::setsockopt(socket, level, option, &on, sizeof on);
}

FileDescriptor listen(const PortUri& uri) {
  const AddressList addresses = resolve(uri);
  const addrinfo& first = *addresses;
  FileDescriptor listener(::socket(
      first.ai_family, first.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, first.ai_protocol));
  if (!listener.is_open()) fail(uri.text, "no TCP here", errno);
  // A simulation that is started again need not wait for connections of the last one to expire.
  switch_on(listener.get(), SOL_SOCKET, SO_REUSEADDR);
  constexpr int kQueued = 8;
  if (::bind(listener.get(), first.ai_addr, first.ai_addrlen) != 0 ||
      ::listen(listener.get(), kQueued) != 0) {
    fail(uri.text, "cannot listen there", errno);
  }
  return listener;
}

class TcpPort final : public BytePort {
 public:
  explicit TcpPort(const PortUri& uri)
      : uri_(uri.text),
        asked_for_any_(split_host_and_port(uri).port == 0),
        events_(::epoll_create1(EPOLL_CLOEXEC)),
        listener_(listen(uri)) {
    watch(listener_);
  }

  int descriptor() const override { return events_.get(); }

  std::string opening_notice() const override {
    if (!asked_for_any_) return {};
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> port{};
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    ::getsockname(listener_.get(), generic, &size);
    ::getnameinfo(generic, size, host.data(), host.size(), port.data(), port.size(),
                  NI_NUMERICHOST | NI_NUMERICSERV);
    return uri_ + ": listening on " + host.data() + " port " + port.data();
  }

  std::size_t read(std::span<std::uint8_t> into) override {
    admit_clients();
    for (auto client = clients_.begin(); client != clients_.end();) {
      const ssize_t count = ::recv(client->get(), into.data(), into.size(), 0);
      if (count > 0) return static_cast<std::size_t>(count);
      const bool is_idle = count < 0 && is_temporary(errno);
      client = is_idle ? client + 1 : clients_.erase(client);
    }
    return 0;
  }

  /// A client that does not listen for so long that even the system's buffers are full is cut off:
  /// it would get half a message otherwise.
  std::size_t write(BytesView bytes) override {
    if (bytes.empty()) return 0;
    admit_clients();
    std::erase_if(clients_, [bytes](const FileDescriptor& client) {
      const ssize_t count = ::send(client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      return count != static_cast<ssize_t>(bytes.size());
    });
    return clients_.empty() ? 0 : bytes.size();
  }

 private:
  static constexpr std::size_t kMostClients = 32;

  void watch(const FileDescriptor& socket) {
    epoll_event interest{};
    interest.events = EPOLLIN;
    if (::epoll_ctl(events_.get(), EPOLL_CTL_ADD, socket.get(), &interest) != 0) {
      fail(uri_, "cannot wait for the socket", errno);
    }
  }

  void admit_clients() {
    while (true) {
      FileDescriptor client(
          ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!client.is_open()) {
        if (is_temporary(errno)) return;
        if (errno == EMFILE || errno == ENFILE || errno == EBADF || errno == EINVAL) {
          fail(uri_, "cannot accept connections", errno);
        }
        continue;  // This one client has gone again.
      }
      if (clients_.size() == kMostClients) continue;
      switch_on(client.get(), IPPROTO_TCP, TCP_NODELAY);
      switch_on(client.get(), SOL_SOCKET, SO_KEEPALIVE);
      watch(client);
      clients_.push_back(std::move(client));
    }
  }

  std::string uri_;
  bool asked_for_any_;
  FileDescriptor events_;
  FileDescriptor listener_;
  std::vector<FileDescriptor> clients_;
};

std::unique_ptr<BytePort> open(const PortUri& uri) {
  allow_options(uri, {});
  return std::make_unique<TcpPort>(uri);
}

}  // namespace

extern const PortScheme tcp;
const PortScheme tcp{
    .key = "tcp",
    .syntax = "tcp:HOST:PORT",
    .help = "TCP server for any number of clients; HOST 0.0.0.0 for all interfaces, PORT 0 for any",
    .is_file = false,
    .open_can = nullptr,
    .open_bytes = open,
};

}  // namespace doppelpack::can_emulator
