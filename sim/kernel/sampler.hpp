// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Lets the lazy plant catch up without passing anybody's conversion: each AFE converts with the plant
// at exactly its own time, whoever of them asked first.
#pragma once

#include <vector>

#include "local_time.hpp"
#include "plant_module.hpp"

namespace doppelpack::sim {

class AfeModule;

class Sampler {
 public:
  Sampler(LocalTime& time, PlantModule& plant) : time_(time), plant_(plant) {}

  /// The AFE must live as long as time passes.
  void add(AfeModule& afe) { afes_.push_back(&afe); }

  /// Carries out the conversions due by now: what a firmware waits for before it reads the registers.
  void convert_due();

  /// Brings conversions and plant to the present. Call it before changing anything the plant
  /// depends on, or reading it to the nanosecond.
  void catch_up();

  /// All look often from now on: something that can trip a comparator has changed.
  void wake_comparators();

 private:
  Time next_due_ns() const;
  void notice_comparators();

  LocalTime& time_;
  PlantModule& plant_;
  std::vector<AfeModule*> afes_;
};

}  // namespace doppelpack::sim
