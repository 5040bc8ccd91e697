// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <string_view>
#include <utility>
#include <vector>

#include "cores/core_host.hpp"
#include "cores/core_report.hpp"
#include "sim/data_error.hpp"

namespace doppelpack::sim {

namespace {

// Two builds of one core have one name.
const std::string& label(const CoreIdentity& core) {
  return core.library.empty() ? core.name : core.library;
}

/// Two cores on the same inputs. Both have their memory in one state, so a copy of it is of both.
class ShadowedHost final : public CoreHost {
 public:
  ShadowedHost(std::unique_ptr<CoreHost> driving, std::unique_ptr<CoreHost> shadow,
               const ShadowChoice& plan)
      : CoreHost(driving->identity()),
        driving_(std::move(driving)),
        shadow_(std::move(shadow)),
        fields_(plan.fields),
        remembered_(static_cast<std::size_t>(plan.context_steps) + 1) {
    for (const std::string& field : fields_) {
      if (is_output_field(field)) continue;
      throw DataError({"", 0, field},
                      "found no such field of bms_outputs_t, expected one as in bms/types.h");
    }
  }

  std::size_t state_bytes() const override {
    return driving_->state_bytes() + shadow_->state_bytes();
  }

  // One memory for both: the shadow must understand what the driving core keeps there.
  void format(const CoreStep& at, const bms_factory_t& factory, NvmSpan nvm) override {
    driving_->format(at, factory, nvm);
  }

  bms_status_t init(std::span<std::byte> state, const CoreStep& at, const bms_config_t& config,
                    NvmView nvm) override {
    shadow_outputs_ = {};
    const bms_status_t status = driving_->init(of_driving(state), at, config, nvm);
    const bms_status_t shadow_status = shadow_->init(of_shadow(state), at, config, nvm);
    return status.error != BMS_OK ? status : shadow_status;
  }

  void step(std::span<std::byte> state, const CoreStep& at, const bms_inputs_t& inputs,
            bms_outputs_t& outputs) override {
    driving_->step(of_driving(state), at, inputs, outputs);
    shadow_->step(of_shadow(state), at, inputs, shadow_outputs_);
    if (steps_.size() == remembered_) steps_.pop_front();
    steps_.push_back({at, inputs, outputs, shadow_outputs_});
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): a quick look; the fields decide
    if (std::memcmp(&outputs, &shadow_outputs_, sizeof outputs) == 0) return;
    std::vector<FieldDifference> found = differences(outputs, shadow_outputs_);
    std::erase_if(found, [this](const FieldDifference& each) { return !matters(each.field); });
    if (!found.empty()) report(at, found);
  }

  bool can_move() const override { return driving_->can_move() && shadow_->can_move(); }

  void move(std::span<std::byte> state, const CoreStep& at, const bms_config_t* config) override {
    driving_->move(of_driving(state), at, config);
    shadow_->move(of_shadow(state), at, config);
  }

 private:
  // Sizes are multiples of the alignment.
  std::span<std::byte> of_driving(std::span<std::byte> state) const {
    return state.first(driving_->state_bytes());
  }
  std::span<std::byte> of_shadow(std::span<std::byte> state) const {
    return state.subspan(driving_->state_bytes(), shadow_->state_bytes());
  }

  bool matters(std::string_view field) const {
    return fields_.empty() || std::ranges::any_of(fields_, [&](const std::string& beginning) {
             return field.starts_with(beginning);
           });
  }

  [[noreturn]] void report(const CoreStep& at, const std::vector<FieldDifference>& found) const {
    const FieldDifference& first = found.front();
    const std::string others =
        found.size() == 1 ? "" : fmt::format(", and {} more", found.size() - 1);
    const std::string reason =
        fmt::format("{} and {} differ at {:.9g} s in step {}: {} is {} and {}{}", label(identity_),
                    label(shadow_->identity()), to_seconds(at.t_ns), at.number, first.field,
                    first.first, first.second, others);
    const std::vector<ComparedStep> steps(steps_.begin(), steps_.end());
    throw CoreFailure(FailureKind::divergence, reason, "divergence.json",
                      divergence_report(identity_, shadow_->identity(), found, steps, reason));
  }

  std::unique_ptr<CoreHost> driving_;
  std::unique_ptr<CoreHost> shadow_;
  bms_outputs_t shadow_outputs_{};
  std::vector<std::string> fields_;
  std::size_t remembered_;
  std::deque<ComparedStep> steps_;
};

}  // namespace

std::unique_ptr<CoreHost> make_shadowed_host(std::unique_ptr<CoreHost> driving,
                                             std::unique_ptr<CoreHost> shadow,
                                             const ShadowChoice& plan) {
  return std::make_unique<ShadowedHost>(std::move(driving), std::move(shadow), plan);
}

}  // namespace doppelpack::sim
