// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Where a protection core runs. The bench owns a core's memory and hands it in with every call; a
// host carries the call out, in this process or in another, and finds out when it went wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "bms/bms.h"
#include "sim/bms_trace.hpp"
#include "sim/core_choice.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

/// Which call of a core it is.
struct CoreStep {
  Time t_ns = 0;
  std::int64_t number = 0;  ///< steps since the start, from 1; of init: how many there have been
  std::uint32_t dt_us = 0;
};

enum class FailureKind { crash, hang, overrun, scribble, divergence };

/// One word: "crash", ...
const char* name_of(FailureKind kind);

/// A core failed in a call, or two cores disagree; the run ends here.
struct CoreFailure : std::runtime_error {
  CoreFailure(FailureKind failure_kind, const std::string& reason, std::string file,
              std::string text)
      : std::runtime_error(reason),
        kind(failure_kind),
        file_name(std::move(file)),
        report(std::move(text)) {}

  FailureKind kind;
  std::string file_name;  ///< of the report, in the folder of the recording
  std::string report;     ///< JSON: which call, with what
};

/// An image of the non-volatile memory.
using NvmView = std::span<const std::uint8_t, BMS_NVM_BYTES>;
using NvmSpan = std::span<std::uint8_t, BMS_NVM_BYTES>;

class CoreHost {
 public:
  explicit CoreHost(CoreIdentity identity) : identity_(std::move(identity)) {}
  virtual ~CoreHost() = default;
  CoreHost(const CoreHost&) = delete;
  CoreHost& operator=(const CoreHost&) = delete;

  const CoreIdentity& identity() const { return identity_; }

  /// Memory for everything a core remembers between two calls. The caller keeps it and may copy it: see
  /// move(). Aligned to std::max_align_t.
  virtual std::size_t state_bytes() const = 0;

  /// bms_core_t::format. Throws CoreFailure.
  virtual void format(const CoreStep& at, const bms_factory_t& factory, NvmSpan nvm) = 0;

  /// bms_core_t::init. Throws CoreFailure. `config` must outlive the host.
  virtual bms_status_t init(std::span<std::byte> state, const CoreStep& at,
                            const bms_config_t& config, NvmView nvm) = 0;

  /// bms_core_t::step. Throws CoreFailure; then `outputs` are not to be used.
  virtual void step(std::span<std::byte> state, const CoreStep& at, const bms_inputs_t& inputs,
                    bms_outputs_t& outputs) = 0;

  /// Whether a copy of its memory can go on elsewhere: the core has bms_core_t::move.
  virtual bool can_move() const = 0;

  /// bms_core_t::move, for a copy of the memory of a core that can. Throws CoreFailure. `config` must
  /// outlive the host; nullptr: the copy will not go on.
  virtual void move(std::span<std::byte> state, const CoreStep& at, const bms_config_t* config) = 0;

 protected:
  CoreIdentity identity_;
};

/// Loads what was chosen. Throws DataError when the library is missing, has no core or was compiled
/// against other headers.
std::unique_ptr<CoreHost> make_core_host(const CoreChoice& choice);

/// `driving` decides; `shadow` gets the same inputs and is only compared. The first difference in
/// what the plan asks for is a failure of the kind `divergence`. Throws DataError for a field that
/// does not exist.
std::unique_ptr<CoreHost> make_shadowed_host(std::unique_ptr<CoreHost> driving,
                                             std::unique_ptr<CoreHost> shadow,
                                             const ShadowChoice& plan);

/// `trace` gets every power-up and every step of `core`; it must outlive the host.
std::unique_ptr<CoreHost> make_traced_host(std::unique_ptr<CoreHost> core, BmsTrace& trace);

}  // namespace doppelpack::sim
