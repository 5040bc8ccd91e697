// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What those who act on a bench have yet to do, and what they remember meanwhile. Whoever is due at a
// time has it here, not in the kernel of the simulation: so a copy of the state goes on by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bms/types.h"
#include "can_emulator/serial_protocol.hpp"
#include "sim/fault_instance.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

// ---- of one pack ----

/// A multiplexer on its way through its channels.
struct ScanState {
  std::int64_t left = 0;
  std::int64_t tick = 0;
  std::int64_t next = 0;  ///< channel
  std::int64_t due = 0;   ///< its tick
};

struct AfeState {
  Time due_ns = 0;      ///< the next tick
  Time sampled_ns = 0;  ///< the last tick with supply
  bool is_powered = true;
  ScanState voltages;
  ScanState ntcs;
  Time comparators_due_ns = kNever;  ///< looked at often while something fast goes on
};

/// What the event log has seen last of a firmware.
struct LoggedOutputs {
  bool charge_gate = false;
  bool discharge_gate = false;
  std::uint32_t coils = 0;
  std::uint32_t warnings = 0;
  std::uint32_t limitings = 0;
  std::uint32_t protections = 0;
  std::uint64_t failures = 0;
  bms_state_t state = BMS_STATE_SELF_TEST;

  bool operator==(const LoggedOutputs&) const = default;
};

struct BoardState {
  std::int64_t steps = 0;  ///< of the core, since the start
  LoggedOutputs logged;
  Time insulation_due_ns = 0;
  bool is_tied_on = true;  ///< something on the wake circuit ties the supply on
};

/// Its side of the RS485 pair.
struct ResponderState {
  can_emulator::Bytes received;  ///< not yet understood
  can_emulator::Bytes reply;     ///< due or on the pair; empty: the pack listens
  Time request_done_ns = kNever;
  Time reply_due_ns = kNever;
};

// ---- of the buses ----

struct CanAgenda {
  std::vector<std::vector<Time>> frames_due_ns;  ///< of each pack, of each of its periodic frames
  Time beat_ns = 0;  ///< when the last heartbeat was due, without its jitter
  std::uint64_t beats = 0;
  Time busy_before_ns = 0;  ///< up to the last look at the load
  Time broadcast_due_ns = kNever;
  Time heartbeat_due_ns = kNever;
  Time bus_due_ns = kNever;
  Time gateway_due_ns = kNever;
  Time load_due_ns = kNever;
};

struct SerialAgenda {
  std::size_t request = 0;  ///< the virtual inverter's last one
  bool is_reply_awaited = false;
  std::size_t searches = 0;  ///< requests of the inverter's scan so far
  bool has_found = false;    ///< it knows whom to ask
  Time found_ns = 0;
  Time poll_due_ns = kNever;
  Time wire_due_ns = kNever;
};

// ---- of the scenario ----

/// Of an entry of the timeline.
struct EntryState {
  Time held_since_ns = -1;
  bool is_waiting = false;  ///< for its condition
};

struct ActiveFault {
  std::string id;
  FaultInstance fault;
  Time since_ns = 0;
  Time ramp_ns = 0;  ///< 0: no ramp
};

/// Something to do at a known time.
struct Due {
  enum class Kind { entry, end_of_fault, ramp, release_button } kind = Kind::entry;
  Time t_ns = 0;
  std::size_t entry = 0;      ///< for entry
  std::string fault_id = {};  ///< for end_of_fault and ramp
  std::size_t pack = 0;       ///< for release_button, as the next
  std::uint32_t button = 0;
};

struct TimelineState {
  std::vector<EntryState> entries;
  std::vector<ActiveFault> active;
  std::vector<Due> agenda;  ///< sorted by time; equal times in the order they were planned
  Time agenda_due_ns = kNever;
  Time profiles_due_ns = kNever;
};

// ---- of a bench ----

struct Agenda {
  Time firmware_due_ns = kNever;
  Time inverter_due_ns = kNever;
  Time sample_due_ns = kNever;
  Time digest_due_ns = kNever;
  CanAgenda can;
  SerialAgenda rs485;
  TimelineState timeline;
};

}  // namespace doppelpack::sim
