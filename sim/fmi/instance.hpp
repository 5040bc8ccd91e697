// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// One instance of an FMU, without words of any version of the standard: both have the same life.
#pragma once

#include <any>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fmi/model.hpp"

namespace doppelpack::fmi {

/// Every function throws DataError for what the caller did wrong.
class Instance {
 public:
  /// What fmi2GetFMUstate and fmi3GetFMUState hand out.
  struct Moment {
    int phase = 0;
    sim::Time start_us = 0;
    sim::Time now_us = 0;
    bool has_ambient = false;
    std::vector<double> values;
    std::any model;  ///< empty: there was none yet
  };

  /// resources: the folder in the unpacked FMU. token: what the description says that its master read.
  Instance(const std::filesystem::path& resources, std::string_view token);

  ~Instance() = default;
  Instance(const Instance&) = delete;  // its model looks at its variables
  Instance& operator=(const Instance&) = delete;

  const VariableTable& variables() const { return variables_; }
  double now_s() const { return static_cast<double>(now_us_) / 1e6; }

  void set_start(double start_s);
  void enter_initialization();
  void exit_initialization();
  void terminate();
  /// Back to how it was made.
  void reset();

  /// A Boolean is 0 or 1, an enumeration the number of its word.
  double get(std::uint32_t element);
  void set(std::uint32_t element, double value);
  /// step_s: any whole number of microseconds.
  void step(double from_s, double step_s);

  Moment save();
  void restore(const Moment& moment);

 private:
  enum class Phase { instantiated, initializing, stepping, terminated };

  Model& model();
  void expect(Phase phase, const char* call) const;

  FmuPlan plan_;
  sim::Product product_;
  sim::InverterDesign inverter_;
  VariableTable variables_;
  Phase phase_ = Phase::instantiated;
  sim::Time start_us_ = 0;
  sim::Time now_us_ = 0;
  bool has_ambient_ = false;  ///< somebody has set it
  std::vector<double> values_;
  std::unique_ptr<Model> model_;  ///< made when it is needed first
};

}  // namespace doppelpack::fmi
