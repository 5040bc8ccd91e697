// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// FMI 2.0 for co-simulation in front of an Instance. A reference is that of one element.
#include <string>

#include "fmi/component.hpp"
#include "fmi/fmi2_interface.hpp"
#include "fmi/resource_path.hpp"

using namespace doppelpack::
    fmi;  // NOLINT(google-build-using-namespace): extern "C" is in no namespace

namespace {

// The message is the format of a printf: no sign in it may be one of its own.
std::string as_format(const std::string& message) {
  std::string format;
  for (const char c : message) format.append(c == '%' ? 2 : 1, c);
  return format;
}

Say sayer_2(fmi2String name, const fmi2CallbackFunctions* functions) {
  if (functions == nullptr || functions->logger == nullptr)
    return [](Status, const std::string&) {};
  return [name = std::string(name != nullptr ? name : ""), logger = functions->logger,
          environment = functions->environment](Status status, const std::string& message) {
    logger(environment, name.c_str(), static_cast<int>(status), kErrorCategory,
           as_format(message).c_str());
  };
}

template <typename Do>
int call_2(fmi2Component c, const Do& act) {
  return static_cast<int>(guarded(c, act));
}

int without_2(fmi2Component c, const char* function) {
  return static_cast<int>(unsupported(c, function));
}

template <typename Value>
int get_2(fmi2Component c, const fmi2ValueReference references[], std::size_t count,
          std::initializer_list<VariableType> types, Value values[]) {
  return call_2(c, [&](Instance& instance) {
    for (std::size_t i = 0; i < count; ++i) {
      instance.variables().expect(references[i], types);
      values[i] = static_cast<Value>(instance.get(references[i]));
    }
  });
}

template <typename Value>
int set_2(fmi2Component c, const fmi2ValueReference references[], std::size_t count,
          std::initializer_list<VariableType> types, const Value values[]) {
  return call_2(c, [&](Instance& instance) {
    for (std::size_t i = 0; i < count; ++i) {
      instance.variables().expect(references[i], types);
      instance.set(references[i], static_cast<double>(values[i]));
    }
  });
}

}  // namespace

// NOLINTBEGIN(readability-identifier-naming)
extern "C" {

const char* fmi2GetTypesPlatform() {
  return "default";
}
const char* fmi2GetVersion() {
  return "2.0";
}

// What is refused is always said; there is nothing else to say.
fmi2Status fmi2SetDebugLogging(fmi2Component /*c*/, fmi2Boolean /*is_on*/, std::size_t /*count*/,
                               const fmi2String /*categories*/[]) {
  return static_cast<int>(Status::ok);
}

fmi2Component fmi2Instantiate(fmi2String name, fmi2Type type, fmi2String guid, fmi2String resources,
                              const fmi2CallbackFunctions* functions, fmi2Boolean /*is_visible*/,
                              fmi2Boolean /*is_logging*/) {
  constexpr fmi2Type kCoSimulation = 1;
  const Say say = sayer_2(name, functions);
  if (type != kCoSimulation) {
    say(Status::error, "found model exchange, expected co-simulation");
    return nullptr;
  }
  return make_component(say, path_of_uri(resources), guid != nullptr ? guid : "");
}

void fmi2FreeInstance(fmi2Component c) {
  free_component(c);
}

fmi2Status fmi2SetupExperiment(fmi2Component c, fmi2Boolean /*has_tolerance*/,
                               fmi2Real /*tolerance*/, fmi2Real start_s, fmi2Boolean /*has_stop*/,
                               fmi2Real /*stop_s*/) {
  return call_2(c, [&](Instance& instance) { instance.set_start(start_s); });
}
fmi2Status fmi2EnterInitializationMode(fmi2Component c) {
  return call_2(c, [](Instance& instance) { instance.enter_initialization(); });
}
fmi2Status fmi2ExitInitializationMode(fmi2Component c) {
  return call_2(c, [](Instance& instance) { instance.exit_initialization(); });
}
fmi2Status fmi2Terminate(fmi2Component c) {
  return call_2(c, [](Instance& instance) { instance.terminate(); });
}
fmi2Status fmi2Reset(fmi2Component c) {
  return call_2(c, [](Instance& instance) { instance.reset(); });
}

fmi2Status fmi2GetReal(fmi2Component c, const fmi2ValueReference references[], std::size_t count,
                       fmi2Real values[]) {
  return get_2(c, references, count, {VariableType::real}, values);
}
fmi2Status fmi2GetInteger(fmi2Component c, const fmi2ValueReference references[], std::size_t count,
                          fmi2Integer values[]) {
  return get_2(c, references, count, {VariableType::integer, VariableType::enumeration}, values);
}
fmi2Status fmi2GetBoolean(fmi2Component c, const fmi2ValueReference references[], std::size_t count,
                          fmi2Boolean values[]) {
  return get_2(c, references, count, {VariableType::boolean}, values);
}
fmi2Status fmi2GetString(fmi2Component c, const fmi2ValueReference /*references*/[],
                         std::size_t count, fmi2String /*values*/[]) {
  return count == 0 ? 0 : without_2(c, "fmi2GetString");
}
fmi2Status fmi2SetReal(fmi2Component c, const fmi2ValueReference references[], std::size_t count,
                       const fmi2Real values[]) {
  return set_2(c, references, count, {VariableType::real}, values);
}
fmi2Status fmi2SetInteger(fmi2Component c, const fmi2ValueReference references[], std::size_t count,
                          const fmi2Integer values[]) {
  return set_2(c, references, count, {VariableType::integer, VariableType::enumeration}, values);
}
fmi2Status fmi2SetBoolean(fmi2Component c, const fmi2ValueReference references[], std::size_t count,
                          const fmi2Boolean values[]) {
  return set_2(c, references, count, {VariableType::boolean}, values);
}
fmi2Status fmi2SetString(fmi2Component c, const fmi2ValueReference /*references*/[],
                         std::size_t count, const fmi2String /*values*/[]) {
  return count == 0 ? 0 : without_2(c, "fmi2SetString");
}

fmi2Status fmi2GetFMUstate(fmi2Component c, fmi2FMUstate* state) {
  return call_2(c, [&](Instance& instance) { save_state(instance, state); });
}
fmi2Status fmi2SetFMUstate(fmi2Component c, fmi2FMUstate state) {
  return call_2(c, [&](Instance& instance) { restore_state(instance, state); });
}
fmi2Status fmi2FreeFMUstate(fmi2Component c, fmi2FMUstate* state) {
  return call_2(c, [&](Instance& /*instance*/) { free_state(state); });
}

fmi2Status fmi2DoStep(fmi2Component c, fmi2Real from_s, fmi2Real step_s, fmi2Boolean /*is_final*/) {
  return call_2(c, [&](Instance& instance) { instance.step(from_s, step_s); });
}

fmi2Status fmi2GetRealStatus(fmi2Component c, fmi2StatusKind kind, fmi2Real* value) {
  constexpr fmi2StatusKind kLastSuccessfulTime = 2;
  if (kind != kLastSuccessfulTime) return without_2(c, "fmi2GetRealStatus");
  return call_2(c, [&](Instance& instance) { *value = instance.now_s(); });
}
fmi2Status fmi2GetBooleanStatus(fmi2Component c, fmi2StatusKind kind, fmi2Boolean* value) {
  constexpr fmi2StatusKind kTerminated = 3;
  if (kind != kTerminated) return without_2(c, "fmi2GetBooleanStatus");
  return call_2(c, [&](Instance& /*instance*/) { *value = 0; });
}

// What the standard leaves to those that can, and what is asked of a step that is pending: none ever is.
fmi2Status fmi2SerializedFMUstateSize(fmi2Component c, fmi2FMUstate /*state*/,
                                      std::size_t* /*size*/) {
  return without_2(c, "fmi2SerializedFMUstateSize");
}
fmi2Status fmi2SerializeFMUstate(fmi2Component c, fmi2FMUstate /*state*/, fmi2Byte /*bytes*/[],
                                 std::size_t /*size*/) {
  return without_2(c, "fmi2SerializeFMUstate");
}
fmi2Status fmi2DeSerializeFMUstate(fmi2Component c, const fmi2Byte /*bytes*/[],
                                   std::size_t /*size*/, fmi2FMUstate* /*state*/) {
  return without_2(c, "fmi2DeSerializeFMUstate");
}
fmi2Status fmi2GetDirectionalDerivative(fmi2Component c, const fmi2ValueReference /*unknowns*/[],
                                        std::size_t /*unknown_count*/,
                                        const fmi2ValueReference /*knowns*/[],
                                        std::size_t /*known_count*/, const fmi2Real /*seeds*/[],
                                        fmi2Real /*derivatives*/[]) {
  return without_2(c, "fmi2GetDirectionalDerivative");
}
fmi2Status fmi2SetRealInputDerivatives(fmi2Component c, const fmi2ValueReference /*references*/[],
                                       std::size_t /*count*/, const fmi2Integer /*orders*/[],
                                       const fmi2Real /*values*/[]) {
  return without_2(c, "fmi2SetRealInputDerivatives");
}
fmi2Status fmi2GetRealOutputDerivatives(fmi2Component c, const fmi2ValueReference /*references*/[],
                                        std::size_t /*count*/, const fmi2Integer /*orders*/[],
                                        fmi2Real /*values*/[]) {
  return without_2(c, "fmi2GetRealOutputDerivatives");
}
fmi2Status fmi2CancelStep(fmi2Component c) {
  return without_2(c, "fmi2CancelStep");
}
fmi2Status fmi2GetStatus(fmi2Component c, fmi2StatusKind /*kind*/, fmi2Status* /*value*/) {
  return without_2(c, "fmi2GetStatus");
}
fmi2Status fmi2GetIntegerStatus(fmi2Component c, fmi2StatusKind /*kind*/, fmi2Integer* /*value*/) {
  return without_2(c, "fmi2GetIntegerStatus");
}
fmi2Status fmi2GetStringStatus(fmi2Component c, fmi2StatusKind /*kind*/, fmi2String* /*value*/) {
  return without_2(c, "fmi2GetStringStatus");
}

}  // extern "C"
// NOLINTEND(readability-identifier-naming)
