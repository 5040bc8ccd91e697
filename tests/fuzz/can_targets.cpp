// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Every CAN protocol, both sides. Input: 16 bytes of dialect, 5 of a report, then frames: id 4 (bit 31
// extended, bit 30 remote, as in linux/can.h), length, data.
#include <optional>
#include <string>
#include <vector>

#include "../../can_emulator/protocols/firmware_upgrade.hpp"
#include "can_emulator/can_protocol.hpp"
#include "fuzz_wire.hpp"

namespace doppelpack::fuzz {
namespace {

/// One end of a conversation: the battery's answers are decoded like everything else.
class CanSubject {
 public:
  CanSubject(const can_emulator::CanProtocol& protocol, Input& input)
      : protocol_(protocol), choices_(take_choices(input, protocol.options)) {
    identity_.can_choices = choices_;
    report_ = take_report(input);
  }

  void broadcast() {
    for (const can_emulator::PeriodicFrame& periodic : protocol_.periodic) {
      const std::optional<can_emulator::CanFrame> frame = periodic.encode(report_, identity_);
      if (!frame) continue;
      require(is_possible(*frame), "a broadcast frame cannot be");
      hear(*frame);
    }
  }

  void exchange(const can_emulator::CanFrame& frame) {
    hear(frame);
    static_cast<void>(protocol_.is_from_inverter(frame));
    const auto refusal = can_emulator::refuse_upgrade(frame, report_);
    require(!refusal || is_possible(*refusal), "a refusal cannot be");
    if (protocol_.respond == nullptr) return;
    const auto answers = protocol_.respond(frame, report_, identity_);
    constexpr std::size_t kMostAnswers = 64;
    require(answers.size() <= kMostAnswers, "too many answers to one frame");
    for (const can_emulator::CanFrame& answer : answers) {
      require(is_possible(answer), "an answer cannot be");
      hear(answer);
    }
  }

 private:
  void hear(const can_emulator::CanFrame& frame) {
    const can_emulator::BatteryView before = view_;
    const bool is_taken = protocol_.decode(frame, choices_, view_);
    check_view(view_);
    require(is_taken || view_ == before, "a refused frame changed the view");
  }

  const can_emulator::CanProtocol& protocol_;
  can_emulator::Choices choices_;
  can_emulator::BatteryIdentity identity_;
  bms_report_t report_{};
  can_emulator::BatteryView view_;
};

}  // namespace

std::vector<Target> can_targets() {
  std::vector<Target> targets;
  for (const can_emulator::CanProtocol* protocol : can_emulator::can_protocols()) {
    targets.push_back({std::string(protocol->key), [protocol](Input input) {
                         CanSubject subject(*protocol, input);
                         subject.broadcast();
                         while (!input.is_empty()) subject.exchange(take_frame(input));
                       }});
  }
  return targets;
}

}  // namespace doppelpack::fuzz
