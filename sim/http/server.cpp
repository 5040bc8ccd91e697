// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include "http/routes.hpp"
#include "sim/data_error.hpp"

namespace doppelpack::http {

namespace {

constexpr unsigned kHeadBytes =
    32 * 1024;                       ///< for the head of a request and buffers, each connection
constexpr unsigned kTimeout_s = 20;  ///< without a sign
constexpr std::size_t kPieceBytes = 32 * 1024;

struct DropResponse {
  void operator()(MHD_Response* response) const { MHD_destroy_response(response); }
};
using Handle = std::unique_ptr<MHD_Response, DropResponse>;

// ---- requests ----

MHD_Result keep_header(void* cls, MHD_ValueKind /*kind*/, const char* key, const char* value) {
  std::string name = key;
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  static_cast<Request*>(cls)->headers[name] = value == nullptr ? "" : value;
  return MHD_YES;
}

MHD_Result keep_argument(void* cls, MHD_ValueKind /*kind*/, const char* key, const char* value) {
  static_cast<Request*>(cls)->query[key] = value == nullptr ? "" : value;
  return MHD_YES;
}

Request head_of(MHD_Connection* connection, const char* path, const char* method) {
  Request request;
  request.method = method;
  request.path = path;
  MHD_get_connection_values(connection, MHD_HEADER_KIND, keep_header, &request);
  MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, keep_argument, &request);
  return request;
}

// A body must say how long it is, so that a long one is refused before it is read.
std::optional<Response> refusal_of_body(const Request& request) {
  if (!request.header("transfer-encoding").empty())
    return refuse(411, "expected a body with its Content-Length");
  const std::string_view text = request.header("content-length");
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty()) return {};
  if (error == std::errc{} && length <= kLongestBody) return {};
  return refuse(413, fmt::format("expected a body of at most {} bytes", kLongestBody));
}

// ---- responses ----

/// Hands out the pieces of a stream as the connection takes them.
struct Pieces {
  NextPiece next;
  std::string piece;
  std::size_t sent = 0;
};

ssize_t read_piece(void* cls, std::uint64_t /*position*/, char* buffer, std::size_t size) {
  Pieces& pieces = *static_cast<Pieces*>(cls);
  if (pieces.sent == pieces.piece.size()) {
    std::optional<std::string> next = pieces.next();
    if (!next) return MHD_CONTENT_READER_END_OF_STREAM;
    pieces.piece = std::move(*next);
    pieces.sent = 0;
  }
  const std::size_t count = std::min(size, pieces.piece.size() - pieces.sent);
  std::copy_n(pieces.piece.begin() + static_cast<std::ptrdiff_t>(pieces.sent), count, buffer);
  pieces.sent += count;
  return static_cast<ssize_t>(count);
}

void drop_pieces(void* cls) {
  delete static_cast<Pieces*>(cls);
}

Handle handle_of(const Response& response) {
  if (response.stream)
    return Handle(MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, kPieceBytes, read_piece,
                                                    new Pieces{response.stream, "", 0},
                                                    drop_pieces));
  // The buffer is copied, whatever its type says.
  return Handle(MHD_create_response_from_buffer(
      response.body.size(), const_cast<char*>(response.body.data()), MHD_RESPMEM_MUST_COPY));
}

MHD_Result send(MHD_Connection* connection, const Response& response) {
  const Handle handle = handle_of(response);
  if (handle == nullptr) return MHD_NO;
  MHD_add_response_header(handle.get(), "Content-Type", response.content_type.c_str());
  for (const auto& [name, value] : response.headers)
    MHD_add_response_header(handle.get(), name.c_str(), value.c_str());
  return MHD_queue_response(connection, static_cast<unsigned>(response.status), handle.get());
}

// Called once for the head, then for parts of the body, then for the end.
MHD_Result handle_request(void* cls, MHD_Connection* connection, const char* path,
                          const char* method, const char* /*version*/, const char* part,
                          std::size_t* part_size, void** kept) {
  Site& site = *static_cast<Site*>(cls);
  if (*kept == nullptr) {
    auto request = std::make_unique<Request>(head_of(connection, path, method));
    if (const auto refusal = refusal_of_body(*request)) return send(connection, *refusal);
    *kept = request.release();
    return MHD_YES;
  }
  Request& request = *static_cast<Request*>(*kept);
  if (*part_size > 0) {
    if (request.body.size() + *part_size > kLongestBody) return MHD_NO;
    request.body.append(part, *part_size);
    *part_size = 0;
    return MHD_YES;
  }
  return send(connection, answer(site, request));
}

void drop_request(void* /*cls*/, MHD_Connection* /*connection*/, void** kept,
                  MHD_RequestTerminationCode /*code*/) {
  delete static_cast<Request*>(*kept);
  *kept = nullptr;
}

// ---- listening ----

sockaddr_storage socket_address(const Address& address) {
  sockaddr_storage storage{};
  if (address.is_ipv6()) {
    sockaddr_in6 parts{};
    parts.sin6_family = AF_INET6;
    parts.sin6_port = htons(address.port);
    inet_pton(AF_INET6, address.host.c_str(), &parts.sin6_addr);
    std::memcpy(&storage, &parts, sizeof parts);
  } else {
    sockaddr_in parts{};
    parts.sin_family = AF_INET;
    parts.sin_port = htons(address.port);
    inet_pton(AF_INET, address.host.c_str(), &parts.sin_addr);
    std::memcpy(&storage, &parts, sizeof parts);
  }
  return storage;
}

MHD_Daemon* start(const Address& address, Site& site) {
  const sockaddr_storage storage = socket_address(address);
  unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL;
  if (address.is_ipv6()) flags |= MHD_USE_IPv6;
  return MHD_start_daemon(flags, address.port, nullptr, nullptr, handle_request, &site,  //
                          MHD_OPTION_SOCK_ADDR, reinterpret_cast<const sockaddr*>(&storage),
                          MHD_OPTION_CONNECTION_LIMIT, Server::kMostConnections,  //
                          MHD_OPTION_CONNECTION_MEMORY_LIMIT, static_cast<std::size_t>(kHeadBytes),
                          MHD_OPTION_CONNECTION_TIMEOUT, kTimeout_s,  //
                          MHD_OPTION_NOTIFY_COMPLETED, drop_request, nullptr, MHD_OPTION_END);
}

}  // namespace

void Server::Stop::operator()(MHD_Daemon* daemon) const {
  MHD_stop_daemon(daemon);
}

void refuse_open_address(const Address& address, const Guard& guard) {
  if (address.is_loopback() || !guard.token.empty()) return;
  throw sim::DataError({"--http", 0, ""},
                       fmt::format("found {}, which others can reach, expected --http-token-file "
                                   "with it, or a loopback address",
                                   to_text(address)));
}

Server::Server(const Address& address, Site& site) : address_(address), site_(site) {
  refuse_open_address(address, site.guard);
  daemon_.reset(start(address, site));
  if (daemon_ == nullptr)
    throw sim::DataError({"--http", 0, ""}, fmt::format("cannot listen on {}: {}", to_text(address),
                                                        std::strerror(errno)));
  const MHD_DaemonInfo* const info = MHD_get_daemon_info(daemon_.get(), MHD_DAEMON_INFO_BIND_PORT);
  if (info != nullptr) address_.port = info->port;
}

Server::~Server() {
  site_.closing.close();
}

}  // namespace doppelpack::http
