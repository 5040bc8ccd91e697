// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Every serial protocol, both sides. Input: 16 bytes of dialect, 5 of a report, the number of packs, how
// the rest is to be taken, and the bytes of the line. Checksums would keep a fuzzer out, so they can be
// put right for it.
#include <string>
#include <utility>
#include <vector>

#include "../../can_emulator/protocols/ydt1363_frame.hpp"
#include "can_emulator/serial_protocol.hpp"
#include "fuzz_wire.hpp"

namespace doppelpack::fuzz {
namespace {

using can_emulator::Bytes;
using can_emulator::BytesView;

constexpr std::size_t kReceiveBuffer = 8192;  // of the bench's line
constexpr std::size_t kLongestReply = 65536;

void append_modbus_crc(Bytes& frame) {
  unsigned crc = 0xFFFF;
  for (const std::uint8_t byte : frame) {
    crc ^= byte;
    for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ ((crc & 1U) != 0 ? 0xA001U : 0U);
  }
  frame += static_cast<std::uint8_t>(crc & 0xFF);
  frame += static_cast<std::uint8_t>(crc >> 8);
}

/// As they are, or as the contents of a frame that is right in itself.
Bytes take_line(Input& input) {
  constexpr std::size_t kMostInfo = 2047;
  const std::uint8_t how = input.take_byte() % 3;
  if (how == 0) return input.take_rest();
  if (how == 1) {
    Bytes frame = input.take_rest();
    append_modbus_crc(frame);
    return frame;
  }
  can_emulator::YdtFrame frame;
  frame.version = input.take_byte();
  frame.address = input.take_byte();
  frame.cid1 = input.take_byte();
  frame.code = input.take_byte();
  frame.info = input.take_rest().substr(0, kMostInfo);
  return can_emulator::encode_ydt_frame(frame);
}

class SerialSubject {
 public:
  SerialSubject(const can_emulator::SerialProtocol& protocol, Input& input)
      : protocol_(protocol), choices_(take_choices(input, protocol.options)) {
    identity_.serial_choices = choices_;
    const bms_report_t report = take_report(input);
    constexpr unsigned kMostPacks = 16;
    packs_.assign(1 + input.take_byte() % kMostPacks, report);
  }

  /// Battery side: what the receiving line does with them.
  void answer(BytesView received) const {
    while (true) {
      const can_emulator::FrameSpan span = find(received);
      received.remove_prefix(span.garbage);
      if (span.length == 0) return;
      check_reply(received.substr(0, span.length));
      received.remove_prefix(span.length);
    }
  }

  /// Inverter side.
  void decode(BytesView reply) {
    for (std::size_t i = 0; i < protocol_.request_count; ++i) {
      const can_emulator::BatteryView before = view_;
      const bool is_taken = protocol_.decode_reply(i, reply, choices_, view_);
      check_view(view_);
      require(is_taken || view_ == before, "a refused reply changed the view");
    }
  }

  /// Every request that masters send, answered by this pack and read again.
  void converse() {
    for (std::size_t i = 0; i < protocol_.request_count; ++i) {
      const Bytes request = protocol_.encode_request(i, identity_.serial_address);
      const can_emulator::FrameSpan span = find(request);
      require(span.garbage == 0 && span.length == request.size(), "a request is no frame");
      decode(protocol_.respond(request, packs_, identity_).bytes);
    }
  }

  /// A babbler must not fill the buffer with what is never the beginning of a frame.
  void check_bounds(const Bytes& line) const {
    if (line.empty() || protocol_.gap_bits > 0) return;
    Bytes babble;
    while (babble.size() < kReceiveBuffer) babble += line;
    const can_emulator::FrameSpan span = find(babble);
    require(span.garbage > 0 || span.length > 0, "a full buffer still waits for more");
  }

 private:
  can_emulator::FrameSpan find(BytesView received) const {
    const can_emulator::FrameSpan span = protocol_.find_frame(received);
    require(span.garbage <= received.size(), "more garbage than bytes");
    require(span.length <= received.size() - span.garbage, "a frame longer than what there is");
    if (protocol_.gap_bits > 0) {
      require(span.garbage + span.length == received.size(), "bytes are left after a silence");
    }
    return span;
  }

  void check_reply(BytesView request) const {
    using can_emulator::ReplyKind;
    const can_emulator::Reply reply = protocol_.respond(request, packs_, identity_);
    require(reply.bytes.size() <= kLongestReply, "a reply without bounds");
    require(reply.bytes.empty() == (reply.kind == ReplyKind::none), "silence and bytes");
    require(reply.problem.empty() == (reply.kind == ReplyKind::answer), "the problem is not told");
  }

  const can_emulator::SerialProtocol& protocol_;
  can_emulator::Choices choices_;
  can_emulator::BatteryIdentity identity_;
  std::vector<bms_report_t> packs_;
  can_emulator::BatteryView view_;
};

}  // namespace

std::vector<Target> serial_targets() {
  std::vector<Target> targets;
  for (const can_emulator::SerialProtocol* protocol : can_emulator::serial_protocols()) {
    targets.push_back({std::string(protocol->key), [protocol](Input input) {
                         SerialSubject subject(*protocol, input);
                         const Bytes line = take_line(input);
                         subject.answer(line);
                         subject.decode(line);
                         subject.check_bounds(line);
                         subject.converse();
                       }});
  }
  return targets;
}

}  // namespace doppelpack::fuzz
