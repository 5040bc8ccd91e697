// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "cores/isolated_host.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "cores/call_check.hpp"
#include "cores/loaded_core.hpp"
#include "sim/data_error.hpp"

namespace doppelpack::sim {

namespace {

constexpr char kFormat = 'f';
constexpr char kInit = 'i';
constexpr char kStep = 's';
constexpr char kMove = 'm';

using Text = std::array<char, 1024>;

void put(Text& text, std::string_view value) {
  const std::size_t count = std::min(value.size(), text.size() - 1);
  std::copy_n(value.begin(), count, text.begin());
  text[count] = '\0';
}

}  // namespace

// Lies in shared memory, which is zero at first.
struct IsolatedHost::Mailbox {
  // From the child, once it has loaded.
  Text error;  // empty: it has
  Text name;
  Text version;
  std::size_t instance_bytes;
  bool can_move;
  // Of each call; the core's memory stands behind.
  bms_config_t config;
  bool has_config;  // to move with
  bms_factory_t factory;
  std::array<std::uint8_t, BMS_NVM_BYTES> nvm;
  bms_inputs_t inputs;
  bms_outputs_t outputs;
  std::uint32_t dt_us;
  bms_status_t status;
  double took_s;
};

namespace {

/// Where the core's memory begins: on a line of the cache.
constexpr std::size_t line_up(std::size_t bytes) {
  return (bytes + 63) & ~std::size_t{63};
}

constexpr std::size_t kGuards_bytes = 4096;  // room for guards and padding

}  // namespace

IsolatedHost::IsolatedHost(const CoreChoice& choice)
    : CoreHost({}),
      choice_(choice),
      shared_(line_up(sizeof(Mailbox)) + kMaxInstance_bytes + kGuards_bytes),
      child_(choice.answer_budget_s,
             [this](ChildSide& side) { serve(choice_, shared_.data(), side); }) {
  const ChildProcess::Answer answer = child_.wait_for_answer();
  if (answer == ChildProcess::Answer::gone) {
    throw DataError({choice.library.string(), 0, ""},
                    "found no library that can be loaded: its process " + child_.end());
  }
  if (answer == ChildProcess::Answer::late) {
    throw DataError({choice.library.string(), 0, ""},
                    fmt::format("found no library that can be loaded: not done after {:g} s",
                                choice.answer_budget_s));
  }
  take_identity();
}

void IsolatedHost::take_identity() {
  const Mailbox& box = mailbox();
  if (box.error[0] != '\0') throw DataError({choice_.library.string(), 0, ""}, box.error.data());
  memory_ = GuardedMemory(box.instance_bytes);
  can_move_ = box.can_move;
  identity_ = {box.name.data(), box.version.data(), choice_.library.string(), "", true};
  if (!choice_.library.empty()) identity_.sha256 = sha256_of_file(choice_.library);
}

IsolatedHost::Mailbox& IsolatedHost::mailbox() const {
  return *reinterpret_cast<Mailbox*>(shared_.data());
}

std::span<std::byte> IsolatedHost::shared_state() const {
  return {shared_.data() + line_up(sizeof(Mailbox)), memory_.bytes()};
}

void IsolatedHost::format(const CoreStep& at, const bms_factory_t& factory, NvmSpan nvm) {
  Mailbox& box = mailbox();
  box.factory = factory;
  // The call carries the core's memory there and back: here one that nobody reads.
  std::vector<std::byte> unused(memory_.bytes());
  memory_.raise_guards(unused);
  call(kFormat, unused, at, nullptr);
  std::ranges::copy(box.nvm, nvm.begin());
}

bms_status_t IsolatedHost::init(std::span<std::byte> state, const CoreStep& at,
                                const bms_config_t& config, NvmView nvm) {
  Mailbox& box = mailbox();
  box.config = config;
  std::ranges::copy(nvm, box.nvm.begin());
  memory_.raise_guards(state);
  call(kInit, state, at, nullptr);
  return box.status;
}

void IsolatedHost::step(std::span<std::byte> state, const CoreStep& at, const bms_inputs_t& inputs,
                        bms_outputs_t& outputs) {
  Mailbox& box = mailbox();
  box.inputs = inputs;
  box.outputs = outputs;
  box.dt_us = at.dt_us;
  call(kStep, state, at, &inputs);
  outputs = box.outputs;
}

void IsolatedHost::move(std::span<std::byte> state, const CoreStep& at,
                        const bms_config_t* config) {
  Mailbox& box = mailbox();
  box.has_config = config != nullptr;
  if (box.has_config) box.config = *config;
  call(kMove, state, at, nullptr);
}

void IsolatedHost::call(char question, std::span<std::byte> state, const CoreStep& at,
                        const bms_inputs_t* inputs) {
  const std::span<std::byte> shared = shared_state();
  const CoreCall call{identity_, at, inputs, memory_.instance(state)};
  std::memcpy(shared.data(), state.data(), shared.size());
  switch (child_.ask(question)) {
    case ChildProcess::Answer::given:
      break;
    case ChildProcess::Answer::gone:
      fail(call, FailureKind::crash, child_.end());
    case ChildProcess::Answer::late:
      fail(call, FailureKind::hang,
           fmt::format("gave no answer within {:g} s", choice_.answer_budget_s));
  }
  check_memory(call, memory_, shared);
  check_cpu_time(call, mailbox().took_s, choice_.cpu_budget_s);
  std::memcpy(state.data(), shared.data(), shared.size());
}

// ---- the child ----

void IsolatedHost::serve(const CoreChoice& choice, std::byte* shared, ChildSide& side) {
  Mailbox& box = *reinterpret_cast<Mailbox*>(shared);
  std::optional<LoadedCore> core;
  try {
    core.emplace(choice);
  } catch (const DataError& error) {
    put(box.error, error.found_and_expected());
    side.answer();
    return;
  }
  const bms_core_t& table = core->table();
  put(box.name, table.name);
  put(box.version, core->version());
  box.instance_bytes = table.instance_bytes;
  box.can_move = table.move != nullptr;
  const GuardedMemory memory(table.instance_bytes);
  std::byte* const instance =
      memory.instance({shared + line_up(sizeof(Mailbox)), memory.bytes()}).data();
  side.answer();
  while (const char question = side.next_question()) {
    const CpuStopwatch stopwatch(choice.cpu_budget_s > 0.0);
    if (question == kFormat) {
      table.format(&box.factory, box.nvm.data());
    } else if (question == kInit) {
      box.status = table.init(instance, &box.config, box.nvm.data());
    } else if (question == kMove) {
      table.move(instance, box.has_config ? &box.config : nullptr);
    } else {
      table.step(instance, &box.inputs, box.dt_us, &box.outputs);
    }
    box.took_s = stopwatch.elapsed_s();
    side.answer();
  }
}

}  // namespace doppelpack::sim
