// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// slcan:DEVICE - a real CAN adapter that speaks slcan over a serial device (CANable, USBtin, CANUSB).
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string>

#include "can_emulator/uri_parts.hpp"
#include "ports/port_failure.hpp"
#include "ports/serial_line.hpp"
#include "ports/slcan_codec.hpp"

namespace doppelpack::can_emulator {
namespace {

using Clock = std::chrono::steady_clock;

struct BitRate {
  std::uint32_t bit_rate_Hz;
  char code;  // of the S command
};

constexpr std::array kBitRates{
    BitRate{10'000, '0'},  BitRate{20'000, '1'},  BitRate{50'000, '2'},
    BitRate{100'000, '3'}, BitRate{125'000, '4'}, BitRate{250'000, '5'},
    BitRate{500'000, '6'}, BitRate{800'000, '7'}, BitRate{1'000'000, '8'},
};

char bit_rate_code(const PortUri& uri, std::uint32_t bit_rate_Hz) {
  const auto found = std::find_if(kBitRates.begin(), kBitRates.end(), [=](const BitRate& rate) {
    return rate.bit_rate_Hz == bit_rate_Hz;
  });
  if (found != kBitRates.end()) return found->code;
  std::string rates;
  for (const BitRate& rate : kBitRates) {
    rates += (rates.empty() ? "" : ", ") + std::to_string(rate.bit_rate_Hz);
  }
  fail(uri.text, "option 'bitrate' must be one of " + rates);
}

class SlcanPort final : public CanPort {
 public:
  SlcanPort(const PortUri& uri, const SerialSettings& settings, char bit_rate_code)
      : uri_(uri.text), line_(uri.text, uri.address, settings) {
    // A channel that an earlier program left open refuses S, and a half-typed command spoils the
    // next. Whether the empty lines and C are acknowledged depends on the adapter: not looked at.
    command("\r\rC");
    while (wait_for_answer(kPause) != Answer::none) {
    }
    received_.clear();
    ask(std::string("S") + bit_rate_code);
    ask("O");
  }

  ~SlcanPort() override {
    try {
      command("C");
    } catch (const PortError&) {  // The adapter is gone, and its channel with it.
    }
  }

  int descriptor() const override { return line_.descriptor(); }

  std::optional<CanFrame> read() override {
    do {
      while (const std::optional<SlcanLines::Line> line = received_.next()) {
        // Everything that is no frame acknowledges or refuses one of ours.
        if (std::optional<CanFrame> frame = decode_slcan(line->text)) return frame;
      }
    } while (receive());
    return std::nullopt;
  }

  bool write(const CanFrame& frame, std::int64_t /*t_ns*/) override {
    flush();
    if (!unsent_.empty()) return false;
    command(encode_slcan(frame));
    return true;
  }

 private:
  enum class Answer { none, done, refused };

  static constexpr std::chrono::milliseconds kPause{50};
  static constexpr std::chrono::milliseconds kPatience{200};

  /// Some adapters never acknowledge, so silence passes for consent.
  void ask(const std::string& text) {
    command(text);
    if (wait_for_answer(kPatience) == Answer::refused) {
      fail(uri_, "the adapter refuses the command " + text);
    }
  }

  Answer wait_for_answer(std::chrono::milliseconds patience) {
    const Clock::time_point deadline = Clock::now() + patience;
    while (true) {
      while (const std::optional<SlcanLines::Line> line = received_.next()) {
        if (line->is_refusal) return Answer::refused;
        if (line->text.empty()) return Answer::done;
      }
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
      pollfd waiting{line_.descriptor(), POLLIN, 0};
      if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) {
        return Answer::none;
      }
      receive();
    }
  }

  bool receive() {
    std::array<std::uint8_t, 4096> bytes{};
    const std::size_t count = line_.read(bytes);
    received_.append({bytes.data(), count});
    return count > 0;
  }

  void command(const std::string& text) {
    unsent_ += text + kSlcanEnd;
    flush();
  }

  void flush() {
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(unsent_.data());
    if (!unsent_.empty()) unsent_.erase(0, line_.write({bytes, unsent_.size()}));
  }

  std::string uri_;
  SerialLine line_;
  SlcanLines received_;
  std::string unsent_;  // the rest of a line that the device did not take at once
};

std::unique_ptr<CanPort> open(const PortUri& uri) {
  allow_options(uri, {"bitrate", "baud"});
  const char code = bit_rate_code(uri, number_option(uri, "bitrate", 500'000, 1, 1'000'000));
  SerialSettings settings;
  settings.baud = number_option(uri, "baud", 115'200, 300, 4'000'000);
  return std::make_unique<SlcanPort>(uri, settings, code);
}

}  // namespace

extern const PortScheme slcan;
const PortScheme slcan{
    .key = "slcan",
    .syntax = "slcan:DEVICE[?bitrate=500000&baud=115200]",
    .help = "a CAN adapter that speaks slcan (CANable, USBtin) on a serial device",
    .is_file = false,
    .open_can = open,
    .open_bytes = nullptr,
};

}  // namespace doppelpack::can_emulator
