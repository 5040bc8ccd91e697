// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// One SystemC simulation context per bench, so that any number of benches can live in a process.
#pragma once

#include <memory>
#include <systemc>

#include "sim/time.hpp"

namespace doppelpack::sim {

/// Owns a context. SystemC finds "the" context through two global pointers; a Use points them here
/// for its lifetime and puts back what was there. One bench runs at a time per process.
class Context {
 public:
  Context();
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  class Use {
   public:
    explicit Use(Context& context);
    ~Use();
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    sc_core::sc_simcontext* current_;
    sc_core::sc_simcontext* fallback_;
  };

 private:
  std::unique_ptr<sc_core::sc_simcontext> context_;
};

inline sc_core::sc_time to_sc_time(Time t_ns) {
  return sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(t_ns));
}

inline Time sc_now_ns() {
  return static_cast<Time>(sc_core::sc_time_stamp().value());
}

}  // namespace doppelpack::sim
