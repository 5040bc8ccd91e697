// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "compat/conversation.hpp"

namespace doppelpack::sim {

namespace {

class CanConversation : public Conversation {
 public:
  CanConversation(const can_emulator::CanProtocol& protocol, CanRig& rig, ScriptedBattery& battery,
                  BusRecord& record)
      : protocol_(protocol), rig_(rig), battery_(battery), record_(record) {}

  void apply(const BatteryChange& change, double present_V) override {
    battery_.apply(change, present_V);
  }
  bool is_told() const override { return true; }  // it is broadcast
  void advance(Time t_ns) override;
  Time heartbeat_ns() const override { return heartbeat_ns_; }
  std::string_view objection(const BatteryChange& /*change*/) const override { return {}; }

 private:
  void send(Time t_ns, const can_emulator::CanFrame& frame) {
    log(t_ns, frame);
    rig_.send(t_ns, frame);
  }
  void log(Time t_ns, const can_emulator::CanFrame& frame) {
    record_.add(t_ns, can_emulator::candump_line(t_ns, "can1", frame));
  }

  const can_emulator::CanProtocol& protocol_;
  CanRig& rig_;
  ScriptedBattery& battery_;
  BusRecord& record_;
  Time heartbeat_ns_ = -1;
};

void CanConversation::advance(Time t_ns) {
  std::vector<TimedFrame> heard;
  rig_.advance(t_ns, heard);
  const bool is_extended = protocol_.encode_heartbeat().is_extended;
  for (const TimedFrame& timed : heard) {
    log(timed.t_ns, timed.frame);
    if (protocol_.is_from_inverter(timed.frame) && timed.frame.is_extended == is_extended)
      heartbeat_ns_ = timed.t_ns;
    for (const can_emulator::CanFrame& frame : battery_.answer(timed.frame)) send(t_ns, frame);
  }
  for (const can_emulator::CanFrame& frame : battery_.frames_until(t_ns)) send(t_ns, frame);
}

}  // namespace

std::unique_ptr<Conversation> make_can_conversation(const Product& product, CanRig& rig,
                                                    ScriptedBattery& battery, BusRecord& record) {
  return std::make_unique<CanConversation>(*product.can, rig, battery, record);
}

}  // namespace doppelpack::sim
