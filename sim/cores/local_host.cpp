// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "cores/local_host.hpp"

#include "cores/call_check.hpp"

namespace doppelpack::sim {

LocalHost::LocalHost(const CoreChoice& choice)
    : CoreHost({}),
      core_(choice),
      memory_(core_.table().instance_bytes),
      cpu_budget_s_(choice.cpu_budget_s) {
  identity_ = {core_.table().name, core_.version(), choice.library.string(), "", false};
  if (!choice.library.empty()) identity_.sha256 = sha256_of_file(choice.library);
}

void LocalHost::format(const CoreStep& /*at*/, const bms_factory_t& factory, NvmSpan nvm) {
  core_.table().format(&factory, nvm.data());
}

bms_status_t LocalHost::init(std::span<std::byte> state, const CoreStep& at,
                             const bms_config_t& config, NvmView nvm) {
  memory_.raise_guards(state);
  const CpuStopwatch stopwatch(cpu_budget_s_ > 0.0);
  const bms_status_t status =
      core_.table().init(memory_.instance(state).data(), &config, nvm.data());
  const CoreCall call{identity_, at, nullptr, memory_.instance(state)};
  check_memory(call, memory_, state);
  check_cpu_time(call, stopwatch.elapsed_s(), cpu_budget_s_);
  return status;
}

void LocalHost::step(std::span<std::byte> state, const CoreStep& at, const bms_inputs_t& inputs,
                     bms_outputs_t& outputs) {
  const CpuStopwatch stopwatch(cpu_budget_s_ > 0.0);
  core_.table().step(memory_.instance(state).data(), &inputs, at.dt_us, &outputs);
  const double took_s = stopwatch.elapsed_s();
  if (memory_.is_intact(state) && took_s <= cpu_budget_s_) [[likely]]
    return;
  const CoreCall call{identity_, at, &inputs, memory_.instance(state)};
  check_memory(call, memory_, state);
  check_cpu_time(call, took_s, cpu_budget_s_);
}

void LocalHost::move(std::span<std::byte> state, const CoreStep& at, const bms_config_t* config) {
  core_.table().move(memory_.instance(state).data(), config);
  const CoreCall call{identity_, at, nullptr, memory_.instance(state)};
  check_memory(call, memory_, state);
}

}  // namespace doppelpack::sim
