// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// slcan-pty:PATH - an slcan adapter on a pseudo-terminal whose name is PATH. Programs that know slcan
// adapters (python-can, slcand, SavvyCAN) open PATH as they would open /dev/ttyACM0.
#include <array>
#include <string>

#include "can_emulator/uri_parts.hpp"
#include "ports/pseudo_terminal.hpp"
#include "ports/slcan_adapter.hpp"
#include "ports/slcan_codec.hpp"

namespace doppelpack::can_emulator {
namespace {

BytesView as_bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

class SlcanPtyPort final : public CanPort {
 public:
  explicit SlcanPtyPort(const PortUri& uri) : terminal_(uri.text, uri.address) {}

  int descriptor() const override { return terminal_.descriptor(); }

  std::optional<CanFrame> read() override {
    while (true) {
      while (const std::optional<SlcanLines::Line> line = received_.next()) {
        SlcanAdapter::Answer answer = adapter_.execute(line->text);
        post(answer.text);
        if (answer.frame) return answer.frame;
      }
      std::array<std::uint8_t, 4096> bytes{};
      const std::size_t count = terminal_.read(bytes);
      if (count == 0) break;
      received_.append({bytes.data(), count});
    }
    if (!terminal_.is_attached()) unplug();
    return std::nullopt;
  }

  bool write(const CanFrame& frame, std::int64_t t_ns) override {
    if (!adapter_.is_open() || !terminal_.is_attached()) return false;
    flush();
    if (!unsent_.empty()) return false;
    post(adapter_.report(frame, t_ns));
    return true;
  }

 private:
  /// A line that has begun must be completed, so what the terminal does not take is kept.
  void post(const std::string& line) {
    constexpr std::size_t kMostUnsent = 4096;  // a program that asks and never listens
    if (unsent_.size() < kMostUnsent) unsent_ += line;
    flush();
  }

  void flush() { unsent_.erase(0, terminal_.write(as_bytes(unsent_))); }

  /// A program may end without closing the channel; the next one finds the adapter as new.
  void unplug() {
    adapter_.reset();
    received_.clear();
    unsent_.clear();
  }

  PseudoTerminal terminal_;
  SlcanAdapter adapter_;
  SlcanLines received_;
  std::string unsent_;
};

std::unique_ptr<CanPort> open(const PortUri& uri) {
  allow_options(uri, {});
  return std::make_unique<SlcanPtyPort>(uri);
}

}  // namespace

extern const PortScheme slcan_pty;
const PortScheme slcan_pty{
    .key = "slcan-pty",
    .syntax = "slcan-pty:PATH",
    .help = "an slcan adapter for other programs, on a pseudo-terminal named PATH",
    .is_file = false,
    .open_can = open,
    .open_bytes = nullptr,
};

}  // namespace doppelpack::can_emulator
