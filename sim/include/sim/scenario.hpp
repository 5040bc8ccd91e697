// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A scenario as written: product, initial state, profiles, timeline, expectations. Immutable after
// loading; texts that name signals keep their source location and are compiled against the product.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/data_error.hpp"
#include "sim/inverter.hpp"
#include "sim/product.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

/// A value as text with the place it stands.
struct Located {
  std::string text;
  SourceLocation where;
};

/// What a scenario says of one cell, in place of what the seed drew for it.
struct CellSetting {
  int cell = 0;                            ///< from 0: branch * series + position
  std::optional<double> soc;               ///< 0..1
  std::optional<double> capacity_Ah;       ///< when new
  std::optional<double> resistance;        ///< factor on that of a mean cell of its capacity
  std::optional<double> self_discharge_A;  ///< at 25 degC
  std::optional<double> soh;               ///< of the capacity, 0.05..1
};

struct InitialState {
  double soc = 0.5;
  double soc_spread = 0.0;  ///< standard deviation between cells
  double T_degC = 25.0;
  std::optional<double> bms_soc;  ///< what the BMS remembers; soc when absent
  bool is_inverter_connected = true;
  bool is_bms_on = true;  ///< somebody switches it on as the scenario starts, where that is needed
  std::optional<std::uint8_t> dip;        ///< DIP switches; switch 1 is bit 0. Absent: as delivered
  std::optional<std::uint16_t> firmware;  ///< version in this pack, if not its product's
  std::vector<CellSetting> cells;         ///< each cell at most once
};

/// A control driven along a table over time.
struct Profile {
  Located control;
  bool is_stepped = false;  ///< hold each value; otherwise linear between points
  Time repeat_ns = 0;       ///< 0: hold the last value
  std::vector<std::pair<Time, Located>> points;
};

// ---- timeline ----
struct SetAction {
  Located control;
  Located value;
};
struct InjectAction {
  std::string id;  ///< to clear it by; the fault's key when not given
  Located fault;
  std::optional<Located> target;    ///< 1-based: cell or NTC number
  std::optional<Located> severity;  ///< quantity in the fault's unit
  std::optional<Located> pack;      ///< 1-based; the first when not given
  Time duration_ns = 0;             ///< 0: until cleared
  std::optional<Located> ramp_to;   ///< the severity it grows to
  Time ramp_ns = 0;                 ///< within so long; 0: no ramp
};
struct ClearAction {
  Located id;
};
struct PressAction {
  Located button;               ///< power, reset, switch, wake
  std::optional<Located> pack;  ///< 1-based; the first when not given
  Time duration_ns = 100 * kMillisecond;
};
struct NoteAction {
  std::string text;
};
using Action = std::variant<SetAction, InjectAction, ClearAction, PressAction, NoteAction>;

/// Exactly one of at / when / every starts it.
struct TimelineEntry {
  std::string id;  ///< to be named by an expectation's `of`; may be empty
  SourceLocation where;
  std::optional<Time> at_ns;
  std::optional<Located> when;  ///< first time the condition holds
  Time hold_ns = 0;             ///< with when: it must have held this long
  Time every_ns = 0;
  Time from_ns = 0;  ///< with every
  std::vector<Action> actions;
};

// ---- expectations ----
enum class ExpectationKind {
  within,  ///< `that` holds within a time of `of` (an entry's id, or a condition coming true)
  never,   ///< `that` never holds
  always,  ///< `that` holds all the time
  by,      ///< `that` has held at some time up to the deadline
  at_end,  ///< `that` holds when the scenario ends
};

/// What an expectation shows of a row of the fault matrix. Of the times that `detection` and
/// `reaction` take after the cause, the first is the fault detection time interval (FDTI), the
/// difference the fault reaction time interval (FRTI); both are `within` the entry that injects it.
enum class Proof { warning, detection, reaction, panel, bus, recovery, latch };
std::string_view word_of(Proof proof);

struct Expectation {
  std::string name;
  SourceLocation where;
  ExpectationKind kind = ExpectationKind::by;
  Time limit_ns = 0;          ///< within: the time allowed; by: the deadline
  std::optional<Located> of;  ///< within only
  Time after_ns = 0;          ///< never, always: not judged before
  Located that;
  std::optional<Proof> proves;
};

struct RecordPlan {
  Time period_ns = kSecond;
  std::vector<Located> signals;  ///< names or globs; empty: the standard set
  std::vector<Located> further;  ///< likewise, beside those
};

/// A further pack on the busbar, and in the stacks of a high-voltage bank.
struct Companion {
  Product product;
  InitialState initial;
};

struct Scenario {
  std::string key;
  std::string title;
  std::vector<std::string> rows;  ///< IDs of the fault matrix that it shows; may be empty
  std::string file;
  std::string sha256;  ///< of what the file says, overrides included; empty: made without one
  Product product;
  InverterDesign inverter;
  Time duration_ns = 0;
  std::uint64_t seed = 1;
  InitialState initial;
  std::vector<Companion> companions;  ///< packs 2 and on; product and initial are those of pack 1
  int stacked = 1;  ///< packs in series in each stack: packs 1 to n, then the next n
  std::vector<Profile> profiles;
  std::vector<TimelineEntry> timeline;
  std::vector<Expectation> expectations;
  RecordPlan record;
};

/// What makes one pack of a scenario the specimen that it is.
struct PackSpec {
  const Product& product;
  const InitialState& initial;
  std::uint64_t seed;  ///< each pack's own
};

/// All packs of a scenario, the first one first; at least that one. The scenario must outlive them.
std::vector<PackSpec> pack_specs(const Scenario& scenario);

/// The products of all packs, in that order.
std::vector<const Product*> products_of(const Scenario& scenario);

/// The specimen of its seed, with the cells that the scenario sets by hand.
models::PackParameters make_pack_parameters(const PackSpec& spec);

/// That specimen at the start: rested, gates open, SOC spread and cells aged as the scenario says.
models::PackState make_initial_pack(const PackSpec& spec, const models::PackParameters& parameters);

}  // namespace doppelpack::sim
