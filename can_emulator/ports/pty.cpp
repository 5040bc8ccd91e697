// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// pty:PATH - bytes through a pseudo-terminal whose name is PATH.
#include "can_emulator/uri_parts.hpp"
#include "ports/pseudo_terminal.hpp"

namespace doppelpack::can_emulator {
namespace {

class PtyPort final : public BytePort {
 public:
  explicit PtyPort(const PortUri& uri) : terminal_(uri.text, uri.address) {}

  int descriptor() const override { return terminal_.descriptor(); }
  std::size_t read(std::span<std::uint8_t> into) override { return terminal_.read(into); }
  std::size_t write(BytesView bytes) override { return terminal_.write(bytes); }

 private:
  PseudoTerminal terminal_;
};

std::unique_ptr<BytePort> open(const PortUri& uri) {
  allow_options(uri, {});
  return std::make_unique<PtyPort>(uri);
}

}  // namespace

extern const PortScheme pty;
const PortScheme pty{
    .key = "pty",
    .syntax = "pty:PATH",
    .help = "pseudo-terminal that other programs open as the serial device PATH",
    .is_file = false,
    .open_can = nullptr,
    .open_bytes = open,
};

}  // namespace doppelpack::can_emulator
