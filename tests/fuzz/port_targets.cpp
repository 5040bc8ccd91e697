// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What ports read from devices and networks, and the URIs that people write.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../../can_emulator/ports/cannelloni_codec.hpp"
#include "../../can_emulator/ports/python_can_message.hpp"
#include "../../can_emulator/ports/slcan_adapter.hpp"
#include "../../can_emulator/ports/slcan_codec.hpp"
#include "can_emulator/port.hpp"
#include "can_emulator/uri_parts.hpp"
#include "fuzz_wire.hpp"

namespace doppelpack::fuzz {
namespace {

using can_emulator::Bytes;
using can_emulator::BytesView;
using can_emulator::CanFrame;

void fuzz_python_can(Input input) {
  const std::optional<CanFrame> frame = can_emulator::decode_python_can_message(input.take_rest());
  if (!frame) return;
  require(is_possible(*frame), "a decoded frame cannot be");
  const Bytes again = can_emulator::encode_python_can_message(*frame, 0);
  require(can_emulator::decode_python_can_message(again) == frame, "it does not come back");
}

void fuzz_cannelloni(Input input) {
  const Bytes bytes = input.take_rest();
  const auto datagram = can_emulator::decode_cannelloni(bytes);
  if (!datagram) return;
  constexpr std::size_t kShortestFrame = 5;
  require(kShortestFrame * (datagram->frames.size() + datagram->left_out) <= bytes.size(),
          "more frames than there are bytes for");
  for (const CanFrame& frame : datagram->frames) {
    require(is_possible(frame), "a decoded frame cannot be");
  }
  const Bytes again = can_emulator::encode_cannelloni(datagram->frames, datagram->sequence);
  const auto second = can_emulator::decode_cannelloni(again);
  require(second && second->frames == datagram->frames, "it does not come back");
}

void check_slcan_line(const std::string& line, can_emulator::SlcanAdapter& adapter) {
  if (const std::optional<CanFrame> frame = can_emulator::decode_slcan(line)) {
    require(is_possible(*frame), "a decoded frame cannot be");
    require(can_emulator::decode_slcan(can_emulator::encode_slcan(*frame)) == frame,
            "it does not come back");
  }
  const can_emulator::SlcanAdapter::Answer answer = adapter.execute(line);
  constexpr std::size_t kLongestAnswer = 32;
  require(answer.text.size() <= kLongestAnswer, "an answer without bounds");
  require(!answer.frame || adapter.is_open(), "a frame is sent on a closed channel");
  if (!answer.frame) return;
  require(is_possible(*answer.frame), "a frame to be sent cannot be");
  const std::string report = adapter.report(*answer.frame, INT64_MAX);
  require(report.size() <= kLongestAnswer + 8 && report.back() == '\r', "a report without bounds");
}

void fuzz_slcan(Input input) {
  const std::size_t at_once = 1 + input.take_byte() % 64;
  const Bytes bytes = input.take_rest();
  can_emulator::SlcanLines lines;
  can_emulator::SlcanAdapter adapter;
  std::size_t seen = 0;
  for (std::size_t at = 0; at < bytes.size(); at += at_once) {
    lines.append(BytesView(bytes).substr(at, at_once));
    while (const auto line = lines.next()) {
      seen += line->text.size() + 1;
      require(seen <= bytes.size(), "more lines than bytes");
      check_slcan_line(line->text, adapter);
    }
  }
}

template <class Call>
void only_port_errors(const std::string& text, Call call) {
  try {
    call();
  } catch (const can_emulator::PortError& error) {
    // A zero byte ends what() as it ends an argument of a program.
    require(std::string_view(error.what()).starts_with(text.c_str()),
            "an error does not name the port");
  }
}

void fuzz_port_uri(Input input) {
  const Bytes bytes = input.take_rest();
  const std::string text(bytes.begin(), bytes.end());
  only_port_errors(text, [&] {
    const can_emulator::PortUri uri = can_emulator::parse_port_uri(text);
    require(uri.text == text && !uri.scheme.empty(), "a URI is not what was written");
    only_port_errors(text, [&] { can_emulator::allow_options(uri, {"baud", "listen"}); });
    only_port_errors(text, [&] {
      const std::uint32_t number = can_emulator::number_option(uri, "baud", 9600, 300, 4'000'000);
      require(number >= 300 && number <= 4'000'000, "a number out of its range");
    });
    only_port_errors(text, [&] {
      const can_emulator::HostAndPort parts = can_emulator::split_host_and_port(uri);
      require(parts.host.size() < text.size(), "a host longer than the URI");
    });
  });
}

}  // namespace

std::vector<Target> port_targets() {
  return {{"python-can", fuzz_python_can},
          {"cannelloni", fuzz_cannelloni},
          {"slcan", fuzz_slcan},
          {"port-uri", fuzz_port_uri}};
}

}  // namespace doppelpack::fuzz
