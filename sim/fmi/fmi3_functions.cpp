// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// FMI 3.0 for co-simulation in front of an Instance. A reference is that of a whole variable; the values
// of all elements of all references follow one another.
#include <string>

#include "fmi/component.hpp"
#include "fmi/fmi3_interface.hpp"
#include "sim/data_error.hpp"

using namespace doppelpack::
    fmi;  // NOLINT(google-build-using-namespace): extern "C" is in no namespace

namespace {

Say sayer_3(fmi3InstanceEnvironment environment, fmi3LogMessageCallback log) {
  if (log == nullptr) return [](Status, const std::string&) {};
  return [environment, log](Status status, const std::string& message) {
    log(environment, static_cast<int>(status), kErrorCategory, message.c_str());
  };
}

template <typename Do>
int call_3(fmi3Instance it, const Do& act) {
  return static_cast<int>(guarded(it, act));
}

[[noreturn]] void refuse_count(std::size_t value_count) {
  throw doppelpack::sim::DataError({"", 0, "nValues"},
                                   "found " + std::to_string(value_count) +
                                       ", expected one value for each element of the variables");
}

// Calls act(element, position among the values) for each element. Throws DataError.
template <typename Do>
void for_elements(const VariableTable& variables, const fmi3ValueReference references[],
                  std::size_t count, VariableType type, std::size_t value_count, const Do& act) {
  std::size_t position = 0;
  for (std::size_t i = 0; i < count; ++i) {
    variables.expect(references[i], {type});
    const Variable& variable = variables.owner(references[i]);
    if (variable.first != references[i])
      throw doppelpack::sim::DataError(
          {"", 0, variable.name}, "found the reference of an element, expected the variable's");
    if (value_count - position < variable.size) refuse_count(value_count);
    for (std::uint32_t k = 0; k < variable.size; ++k) act(variable.first + k, position++);
  }
  if (position != value_count) refuse_count(value_count);
}

template <typename Value>
int get_3(fmi3Instance it, const fmi3ValueReference references[], std::size_t count,
          VariableType type, Value values[], std::size_t value_count) {
  return call_3(it, [&](Instance& instance) {
    for_elements(instance.variables(), references, count, type, value_count,
                 [&](std::uint32_t element, std::size_t position) {
                   values[position] = static_cast<Value>(instance.get(element));
                 });
  });
}

template <typename Value>
int set_3(fmi3Instance it, const fmi3ValueReference references[], std::size_t count,
          VariableType type, const Value values[], std::size_t value_count) {
  return call_3(it, [&](Instance& instance) {
    for_elements(instance.variables(), references, count, type, value_count,
                 [&](std::uint32_t element, std::size_t position) {
                   instance.set(element, static_cast<double>(values[position]));
                 });
  });
}

}  // namespace

// NOLINTBEGIN(readability-identifier-naming)
extern "C" {

const char* fmi3GetVersion() {
  return "3.0";
}

// What is refused is always said; there is nothing else to say.
fmi3Status fmi3SetDebugLogging(fmi3Instance /*it*/, fmi3Boolean /*is_on*/, std::size_t /*count*/,
                               const fmi3String /*categories*/[]) {
  return static_cast<int>(Status::ok);
}

fmi3Instance fmi3InstantiateCoSimulation(fmi3String /*name*/, fmi3String token,
                                         fmi3String resources, fmi3Boolean /*is_visible*/,
                                         fmi3Boolean /*is_logging*/, fmi3Boolean /*has_event_mode*/,
                                         fmi3Boolean /*may_return_early*/,
                                         const fmi3ValueReference /*intermediate*/[],
                                         std::size_t /*count*/, fmi3InstanceEnvironment environment,
                                         fmi3LogMessageCallback log,
                                         fmi3AnyCallback /*intermediate_update*/) {
  return make_component(sayer_3(environment, log), resources != nullptr ? resources : "",
                        token != nullptr ? token : "");
}

void fmi3FreeInstance(fmi3Instance it) {
  free_component(it);
}

fmi3Status fmi3EnterInitializationMode(fmi3Instance it, fmi3Boolean /*has_tolerance*/,
                                       fmi3Float64 /*tolerance*/, fmi3Float64 start_s,
                                       fmi3Boolean /*has_stop*/, fmi3Float64 /*stop_s*/) {
  return call_3(it, [&](Instance& instance) {
    instance.set_start(start_s);
    instance.enter_initialization();
  });
}
fmi3Status fmi3ExitInitializationMode(fmi3Instance it) {
  return call_3(it, [](Instance& instance) { instance.exit_initialization(); });
}
fmi3Status fmi3Terminate(fmi3Instance it) {
  return call_3(it, [](Instance& instance) { instance.terminate(); });
}
fmi3Status fmi3Reset(fmi3Instance it) {
  return call_3(it, [](Instance& instance) { instance.reset(); });
}

fmi3Status fmi3GetFloat64(fmi3Instance it, const fmi3ValueReference references[], std::size_t count,
                          fmi3Float64 values[], std::size_t value_count) {
  return get_3(it, references, count, VariableType::real, values, value_count);
}
fmi3Status fmi3SetFloat64(fmi3Instance it, const fmi3ValueReference references[], std::size_t count,
                          const fmi3Float64 values[], std::size_t value_count) {
  return set_3(it, references, count, VariableType::real, values, value_count);
}
fmi3Status fmi3GetInt32(fmi3Instance it, const fmi3ValueReference references[], std::size_t count,
                        std::int32_t values[], std::size_t value_count) {
  return get_3(it, references, count, VariableType::integer, values, value_count);
}
fmi3Status fmi3SetInt32(fmi3Instance it, const fmi3ValueReference references[], std::size_t count,
                        const std::int32_t values[], std::size_t value_count) {
  return set_3(it, references, count, VariableType::integer, values, value_count);
}
fmi3Status fmi3GetInt64(fmi3Instance it, const fmi3ValueReference references[], std::size_t count,
                        std::int64_t values[], std::size_t value_count) {
  return get_3(it, references, count, VariableType::enumeration, values, value_count);
}
fmi3Status fmi3SetInt64(fmi3Instance it, const fmi3ValueReference references[], std::size_t count,
                        const std::int64_t values[], std::size_t value_count) {
  return set_3(it, references, count, VariableType::enumeration, values, value_count);
}
fmi3Status fmi3GetBoolean(fmi3Instance it, const fmi3ValueReference references[], std::size_t count,
                          fmi3Boolean values[], std::size_t value_count) {
  return get_3(it, references, count, VariableType::boolean, values, value_count);
}
fmi3Status fmi3SetBoolean(fmi3Instance it, const fmi3ValueReference references[], std::size_t count,
                          const fmi3Boolean values[], std::size_t value_count) {
  return set_3(it, references, count, VariableType::boolean, values, value_count);
}

fmi3Status fmi3GetFMUState(fmi3Instance it, fmi3FMUState* state) {
  return call_3(it, [&](Instance& instance) { save_state(instance, state); });
}
fmi3Status fmi3SetFMUState(fmi3Instance it, fmi3FMUState state) {
  return call_3(it, [&](Instance& instance) { restore_state(instance, state); });
}
fmi3Status fmi3FreeFMUState(fmi3Instance it, fmi3FMUState* state) {
  return call_3(it, [&](Instance&) { free_state(state); });
}

fmi3Status fmi3DoStep(fmi3Instance it, fmi3Float64 from_s, fmi3Float64 step_s,
                      fmi3Boolean /*is_final*/, fmi3Boolean* needs_events, fmi3Boolean* is_over,
                      fmi3Boolean* has_returned_early, fmi3Float64* reached_s) {
  return call_3(it, [&](Instance& instance) {
    *needs_events = *is_over = *has_returned_early = false;
    *reached_s = instance.now_s();
    instance.step(from_s, step_s);
    *reached_s = instance.now_s();
  });
}

}  // extern "C"
// NOLINTEND(readability-identifier-naming)
