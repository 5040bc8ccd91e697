// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "ports/slcan_adapter.hpp"

#include <utility>

#include "ports/slcan_codec.hpp"

namespace doppelpack::can_emulator {
namespace {

constexpr std::string_view kHardwareAndSoftwareVersion = "V1010\r";
constexpr std::string_view kSoftwareVersion = "v0100\r";
constexpr std::string_view kSerialNumber = "NDPCK\r";
constexpr std::string_view kNoErrors = "F00\r";

bool is_one_of(std::string_view argument, std::string_view digits) {
  return argument.size() == 1 && digits.find(argument[0]) != std::string_view::npos;
}

std::string acknowledged(bool is_done) {
  return std::string(1, is_done ? kSlcanEnd : kSlcanRefused);
}

}  // namespace

SlcanAdapter::Answer SlcanAdapter::execute(std::string_view command) {
  if (command.empty()) return {acknowledged(true), {}};
  const std::string_view argument = command.substr(1);
  switch (command[0]) {
    case 't':
    case 'T':
    case 'r':
    case 'R': {
      const std::optional<CanFrame> frame = decode_slcan(command);
      const bool is_valid = frame && encode_slcan(*frame).size() == command.size();
      if (channel_ != Channel::normal || !is_valid) return {acknowledged(false), {}};
      return {frame->is_extended ? "Z\r" : "z\r", frame};
    }
    case 'O':
      return {acknowledged(argument.empty() && open(Channel::normal)), {}};
    case 'L':
      return {acknowledged(argument.empty() && open(Channel::listen_only)), {}};
    case 'C':
      return {acknowledged(argument.empty() && close()), {}};
    case 'V':
      return {std::string(kHardwareAndSoftwareVersion), {}};
    case 'v':
      return {std::string(kSoftwareVersion), {}};
    case 'N':
      return {std::string(kSerialNumber), {}};
    case 'F':
      return {is_open() ? std::string(kNoErrors) : acknowledged(false), {}};
    default:
      return {acknowledged(!is_open() && configure(command[0], argument)), {}};
  }
}

/// Commands that are valid only while the channel is closed.
bool SlcanAdapter::configure(char command, std::string_view argument) {
  switch (command) {
    case 'S':  // The simulated bus has the one bit rate its protocol asks for.
      return is_one_of(argument, "0123456789");
    case 's':
      return (argument.size() == 4 || argument.size() == 6) && is_hexadecimal(argument);
    case 'Z':
      if (!is_one_of(argument, "01")) return false;
      has_timestamps_ = argument == "1";
      return true;
    case 'M':  // acceptance code and mask: only "let everything through"
      return argument == "00000000";
    case 'm':
      return argument == "FFFFFFFF" || argument == "ffffffff";
    case 'W':  // one filter or two: the same when everything passes
      return is_one_of(argument, "01");
    case 'X':  // frames come unasked; without that the computer would have to poll for them
      return argument == "1";
    case 'Q':  // open by itself after power-up
      return argument == "0";
    case 'U':  // a pseudo-terminal has no baud rate
      return is_one_of(argument, "0123456");
    default:
      return false;
  }
}

bool SlcanAdapter::open(Channel how) {
  if (is_open()) return false;
  channel_ = how;
  return true;
}

bool SlcanAdapter::close() {
  return std::exchange(channel_, Channel::closed) != Channel::closed;
}

std::string SlcanAdapter::report(const CanFrame& frame, std::int64_t t_ns) const {
  std::string line = encode_slcan(frame);
  if (has_timestamps_) {
    constexpr std::int64_t kWrapAround_ms = 60'000;
    const auto t_ms = static_cast<std::uint32_t>(t_ns / 1'000'000 % kWrapAround_ms);
    append_hexadecimal(line, t_ms, 4);
  }
  return line += kSlcanEnd;
}

}  // namespace doppelpack::can_emulator
