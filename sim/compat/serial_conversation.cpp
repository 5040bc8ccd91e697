// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "compat/conversation.hpp"

namespace doppelpack::sim {

namespace {

using can_emulator::Bytes;
using can_emulator::BytesView;

constexpr std::size_t kMostReceived = 4096;  // no request is that long
constexpr std::size_t kMostQuestions = 64;   // kinds of them that an inverter asks

class SerialConversation : public Conversation {
 public:
  SerialConversation(const can_emulator::SerialProtocol& protocol, SerialRig& rig,
                     ScriptedBattery& battery, BusRecord& record)
      : protocol_(protocol), rig_(rig), battery_(battery), record_(record) {}

  void apply(const BatteryChange& change, double present_V) override;
  bool is_told() const override { return untold_.empty(); }
  void advance(Time t_ns) override;
  Time heartbeat_ns() const override { return heartbeat_ns_; }
  std::string_view objection(const BatteryChange& change) const override {
    const bool is_broadcast = change.period_factor || change.is_limits_frame_missing ||
                              change.is_reversed || change.length || change.has_strangers;
    return is_broadcast ? "the battery sends nothing by itself on this bus" : std::string_view{};
  }

 private:
  void log(Time t_ns, char direction, BytesView bytes);
  void hear(Time t_ns);
  void hear_question(Time t_ns, BytesView question);
  Bytes reply_to(BytesView question) const {
    return battery_.is_silent() ? Bytes{} : battery_.reply_to(question).bytes;
  }

  const can_emulator::SerialProtocol& protocol_;
  SerialRig& rig_;
  ScriptedBattery& battery_;
  BusRecord& record_;
  Bytes received_;
  Bytes reply_;  ///< on its way
  Time reply_due_ns_ = 0;
  Time heartbeat_ns_ = -1;
  std::vector<Bytes> questions_;  ///< every one it ever asked
  std::vector<Bytes> untold_;     ///< those with another answer now, which was not given yet
};

void SerialConversation::apply(const BatteryChange& change, double present_V) {
  std::vector<Bytes> before;
  for (const Bytes& question : questions_) before.push_back(reply_to(question));
  battery_.apply(change, present_V);
  untold_.clear();
  if (battery_.is_silent()) return;
  for (std::size_t i = 0; i < questions_.size(); ++i) {
    if (reply_to(questions_[i]) != before[i]) untold_.push_back(questions_[i]);
  }
}

// Like rs485_1.log of a run.
void SerialConversation::log(Time t_ns, char direction, BytesView bytes) {
  std::string line = fmt::format("{} {} ", can_emulator::candump_stamp(t_ns), direction);
  for (const std::uint8_t byte : bytes) fmt::format_to(std::back_inserter(line), "{:02X}", byte);
  record_.add(t_ns, line + "\n");
}

void SerialConversation::hear_question(Time t_ns, BytesView question) {
  const can_emulator::Reply reply = battery_.reply_to(question);
  if (reply.kind == can_emulator::ReplyKind::none) return;
  heartbeat_ns_ = t_ns;
  const Bytes asked(question);
  const bool is_new = std::find(questions_.begin(), questions_.end(), asked) == questions_.end();
  if (is_new && questions_.size() < kMostQuestions) questions_.push_back(asked);
  std::erase(untold_, asked);
  if (battery_.is_silent()) return;
  reply_ = reply.bytes;
  reply_due_ns_ = t_ns + protocol_.turnaround_ms * kMillisecond;
}

void SerialConversation::hear(Time t_ns) {
  while (reply_.empty()) {
    const can_emulator::FrameSpan frame = protocol_.find_frame(received_);
    received_.erase(0, frame.garbage);
    if (frame.length == 0) return;
    const Bytes question = received_.substr(0, frame.length);
    received_.erase(0, frame.length);
    hear_question(t_ns, question);
  }
}

void SerialConversation::advance(Time t_ns) {
  Bytes heard;
  rig_.advance(t_ns, heard);
  if (!heard.empty()) log(t_ns, '<', heard);
  received_ += heard;
  if (received_.size() > kMostReceived) received_.clear();
  // A frame that ends in silence is complete when a whole tick brought nothing more.
  if (protocol_.gap_bits == 0 || heard.empty()) hear(t_ns);
  if (reply_.empty() || t_ns < reply_due_ns_) return;
  log(t_ns, '>', reply_);
  rig_.send(t_ns, reply_);
  reply_.clear();
}

}  // namespace

std::unique_ptr<Conversation> make_serial_conversation(const Product& product, SerialRig& rig,
                                                       ScriptedBattery& battery,
                                                       BusRecord& record) {
  return std::make_unique<SerialConversation>(*product.rs485, rig, battery, record);
}

}  // namespace doppelpack::sim
