// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// HTTP/1.1 over libmicrohttpd, a thread for each connection: a slow one waits alone. It bounds what a
// client can take: connections, memory for a request's head, body, time without a sign.
#pragma once

#include <memory>

#include "http/address.hpp"
#include "http/site.hpp"

struct MHD_Daemon;

namespace doppelpack::http {

/// Throws DataError for an address that is not loopback without a token.
void refuse_open_address(const Address& address, const Guard& guard);

class Server {
 public:
  static constexpr unsigned kMostConnections = 48;

  /// Listens from now on. Throws DataError: an open address, or one that cannot be listened on. The
  /// site must outlive it.
  Server(const Address& address, Site& site);
  /// Ends all streams and waits for the handlers.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// With the port that was chosen for port 0.
  const Address& address() const { return address_; }

 private:
  struct Stop {
    void operator()(MHD_Daemon* daemon) const;
  };

  Address address_;
  Site& site_;
  std::unique_ptr<MHD_Daemon, Stop> daemon_;
};

}  // namespace doppelpack::http
