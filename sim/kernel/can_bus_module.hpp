// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// publish, on CAN: the wire between the packs, the virtual inverter and whatever is plugged into the
// ports, each a node with a controller of its own.
#pragma once

#include <functional>
#include <span>
#include <systemc>
#include <vector>

#include "alarm.hpp"
#include "can_emulator/can_bus.hpp"
#include "can_emulator/can_protocol.hpp"
#include "can_emulator/frame.hpp"
#include "local_time.hpp"
#include "sim/bench_state.hpp"
#include "sim/recorder.hpp"
#include "sim/scenario.hpp"

namespace doppelpack::sim {

/// Who put a frame on the wire; a port gets everything but its own.
struct CanSender {
  enum class Kind { pack, inverter, stranger, port } kind = Kind::pack;
  std::size_t index = 0;  ///< of the pack or port
};

/// What the bus needs to know of the ports beside the frames themselves.
struct CanOutlet {
  std::vector<bool> are_listen_only;  ///< for each port: a log file does not acknowledge
  std::function<void(Time, const can_emulator::CanFrame&, const CanSender&)> send;
};

class CanBusModule : public sc_core::sc_module {
 public:
  /// The first pack has CAN; further packs without it are not on the bus.
  CanBusModule(const sc_core::sc_module_name& name, std::span<const PackSpec> packs,
               const InverterDesign& inverter, LocalTime& time, BenchState& state,
               Recorder& recorder, CanOutlet outlet);

  /// A port hands over a frame, to be sent when it is its turn.
  void transmit_from_port(std::size_t port, const can_emulator::CanFrame& frame);

  /// The wire or a plug has changed.
  void notice_cabling();

  /// The state is a copy of that of another bench: who has no port there is new, who has none here is
  /// gone, with what it had to say. `fresh` is the bus as this module made it.
  void adopt_ports(const can_emulator::CanBusState& fresh);

 private:
  /// The controller of one pack.
  struct PackNode {
    const can_emulator::CanProtocol* protocol;  ///< nullptr: it has no CAN
    const can_emulator::BatteryIdentity* identity;
  };

  std::size_t inverter_node() const { return packs_.size(); }
  std::size_t stranger_node() const { return packs_.size() + 1; }
  std::size_t first_port_node() const { return packs_.size() + 2; }
  CanSender sender_of(std::size_t node) const;
  void add_pack(const PackSpec& spec);
  Time next_broadcast_ns() const;
  void broadcast();
  void broadcast(std::size_t pack);
  bool may_talk(std::size_t pack) const;
  bool answer(std::size_t pack, const can_emulator::CanFrame& request);
  void beat();
  void send_heartbeat();
  void turn();
  void send_from_pack(std::size_t pack, const can_emulator::CanFrame& frame);
  void hand_on();
  void measure_load();
  void transmit(std::size_t node, const can_emulator::CanFrame& frame);
  void follow_cabling();
  void schedule();
  void deliver(const can_emulator::CanDelivery& sent);
  void hear_pack(const can_emulator::CanFrame& frame);
  void hear_others(std::size_t pack, const can_emulator::CanFrame& frame);

  std::vector<PackNode> packs_;
  const can_emulator::CanProtocol& protocol_;  ///< of the first pack: what the inverter speaks
  const InverterDesign& inverter_;
  std::uint64_t seed_;
  LocalTime& time_;
  BenchState& state_;
  Recorder& recorder_;
  CanOutlet outlet_;
  bool is_inverter_listening_;
  can_emulator::CanBusDesign design_;
  can_emulator::Chance gateway_chance_;
  CanAgenda& agenda_;
  Alarm broadcast_due_;
  Alarm heartbeat_due_;
  Alarm bus_due_;
  Alarm gateway_due_;
  Alarm load_due_;
};

}  // namespace doppelpack::sim
