// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What FMI 3.0 has for other kinds of FMUs, or leaves to those that can: each says that it is not there.
#include "fmi/component.hpp"
#include "fmi/fmi3_interface.hpp"

using namespace doppelpack::
    fmi;  // NOLINT(google-build-using-namespace): extern "C" is in no namespace

namespace {

int without_3(fmi3Instance it, const char* function) {
  return static_cast<int>(unsupported(it, function));
}

void refuse_kind_3(fmi3InstanceEnvironment environment, fmi3LogMessageCallback log,
                   const char* kind) {
  if (log == nullptr) return;
  const std::string message = std::string("found ") + kind + ", expected co-simulation";
  log(environment, static_cast<int>(Status::error), kErrorCategory, message.c_str());
}

}  // namespace

// NOLINTBEGIN(readability-identifier-naming)
extern "C" {

fmi3Instance fmi3InstantiateModelExchange(fmi3String /*name*/, fmi3String /*token*/,
                                          fmi3String /*resources*/, fmi3Boolean /*is_visible*/,
                                          fmi3Boolean /*is_logging*/,
                                          fmi3InstanceEnvironment environment,
                                          fmi3LogMessageCallback log) {
  refuse_kind_3(environment, log, "model exchange");
  return nullptr;
}
fmi3Instance fmi3InstantiateScheduledExecution(
    fmi3String /*name*/, fmi3String /*token*/, fmi3String /*resources*/, fmi3Boolean /*is_visible*/,
    fmi3Boolean /*is_logging*/, fmi3InstanceEnvironment environment, fmi3LogMessageCallback log,
    fmi3AnyCallback /*clock_update*/, fmi3AnyCallback /*lock_preemption*/,
    fmi3AnyCallback /*unlock_preemption*/) {
  refuse_kind_3(environment, log, "scheduled execution");
  return nullptr;
}

// No variable has one of these types.
// NOLINTBEGIN(bugprone-macro-parentheses): a type takes none
#define DOPPELPACK_FMI3_WITHOUT(word, type)                                                        \
  fmi3Status fmi3Get##word(fmi3Instance it, const fmi3ValueReference[], std::size_t count, type[], \
                           std::size_t) {                                                          \
    return count == 0 ? 0 : without_3(it, "fmi3Get" #word);                                        \
  }                                                                                                \
  fmi3Status fmi3Set##word(fmi3Instance it, const fmi3ValueReference[], std::size_t count,         \
                           const type[], std::size_t) {                                            \
    return count == 0 ? 0 : without_3(it, "fmi3Set" #word);                                        \
  }
// NOLINTEND(bugprone-macro-parentheses)
DOPPELPACK_FMI3_WITHOUT(Float32, fmi3Float32)
DOPPELPACK_FMI3_WITHOUT(Int8, std::int8_t)
DOPPELPACK_FMI3_WITHOUT(UInt8, std::uint8_t)
DOPPELPACK_FMI3_WITHOUT(Int16, std::int16_t)
DOPPELPACK_FMI3_WITHOUT(UInt16, std::uint16_t)
DOPPELPACK_FMI3_WITHOUT(UInt32, std::uint32_t)
DOPPELPACK_FMI3_WITHOUT(UInt64, std::uint64_t)
DOPPELPACK_FMI3_WITHOUT(String, fmi3String)

#define DOPPELPACK_FMI3_NO_DERIVATIVE(word)                                                 \
  fmi3Status fmi3Get##word##Derivative(                                                     \
      fmi3Instance it, const fmi3ValueReference[], std::size_t, const fmi3ValueReference[], \
      std::size_t, const fmi3Float64[], std::size_t, fmi3Float64[], std::size_t) {          \
    return without_3(it, "fmi3Get" #word "Derivative");                                     \
  }
DOPPELPACK_FMI3_NO_DERIVATIVE(Directional)
DOPPELPACK_FMI3_NO_DERIVATIVE(Adjoint)

fmi3Status fmi3GetBinary(fmi3Instance it, const fmi3ValueReference /*references*/[],
                         std::size_t /*count*/, std::size_t /*sizes*/[], fmi3Binary /*values*/[],
                         std::size_t /*value_count*/) {
  return without_3(it, "fmi3GetBinary");
}
fmi3Status fmi3SetBinary(fmi3Instance it, const fmi3ValueReference /*references*/[],
                         std::size_t /*count*/, const std::size_t /*sizes*/[],
                         const fmi3Binary /*values*/[], std::size_t /*value_count*/) {
  return without_3(it, "fmi3SetBinary");
}
fmi3Status fmi3GetClock(fmi3Instance it, const fmi3ValueReference /*references*/[],
                        std::size_t /*count*/, fmi3Clock /*values*/[]) {
  return without_3(it, "fmi3GetClock");
}
fmi3Status fmi3SetClock(fmi3Instance it, const fmi3ValueReference /*references*/[],
                        std::size_t /*count*/, const fmi3Clock /*values*/[]) {
  return without_3(it, "fmi3SetClock");
}
fmi3Status fmi3GetNumberOfVariableDependencies(fmi3Instance it, fmi3ValueReference /*reference*/,
                                               std::size_t* /*count*/) {
  return without_3(it, "fmi3GetNumberOfVariableDependencies");
}
fmi3Status fmi3GetVariableDependencies(fmi3Instance it, fmi3ValueReference /*dependent*/,
                                       std::size_t /*dependent_elements*/[],
                                       fmi3ValueReference /*independents*/[],
                                       std::size_t /*independent_elements*/[],
                                       fmi3DependencyKind /*kinds*/[], std::size_t /*count*/) {
  return without_3(it, "fmi3GetVariableDependencies");
}
fmi3Status fmi3SerializedFMUStateSize(fmi3Instance it, fmi3FMUState /*state*/,
                                      std::size_t* /*size*/) {
  return without_3(it, "fmi3SerializedFMUStateSize");
}
fmi3Status fmi3SerializeFMUState(fmi3Instance it, fmi3FMUState /*state*/, fmi3Byte /*bytes*/[],
                                 std::size_t /*size*/) {
  return without_3(it, "fmi3SerializeFMUState");
}
fmi3Status fmi3DeserializeFMUState(fmi3Instance it, const fmi3Byte /*bytes*/[],
                                   std::size_t /*size*/, fmi3FMUState* /*state*/) {
  return without_3(it, "fmi3DeserializeFMUState");
}
fmi3Status fmi3EnterConfigurationMode(fmi3Instance it) {
  return without_3(it, "fmi3EnterConfigurationMode");
}
fmi3Status fmi3ExitConfigurationMode(fmi3Instance it) {
  return without_3(it, "fmi3ExitConfigurationMode");
}
fmi3Status fmi3GetIntervalDecimal(fmi3Instance it, const fmi3ValueReference /*references*/[],
                                  std::size_t /*count*/, fmi3Float64 /*intervals*/[],
                                  fmi3IntervalQualifier /*qualifiers*/[]) {
  return without_3(it, "fmi3GetIntervalDecimal");
}
fmi3Status fmi3GetIntervalFraction(fmi3Instance it, const fmi3ValueReference /*references*/[],
                                   std::size_t /*count*/, std::uint64_t /*counters*/[],
                                   std::uint64_t /*resolutions*/[],
                                   fmi3IntervalQualifier /*qualifiers*/[]) {
  return without_3(it, "fmi3GetIntervalFraction");
}
fmi3Status fmi3GetShiftDecimal(fmi3Instance it, const fmi3ValueReference /*references*/[],
                               std::size_t /*count*/, fmi3Float64 /*shifts*/[]) {
  return without_3(it, "fmi3GetShiftDecimal");
}
fmi3Status fmi3GetShiftFraction(fmi3Instance it, const fmi3ValueReference /*references*/[],
                                std::size_t /*count*/, std::uint64_t /*counters*/[],
                                std::uint64_t /*resolutions*/[]) {
  return without_3(it, "fmi3GetShiftFraction");
}
fmi3Status fmi3SetIntervalDecimal(fmi3Instance it, const fmi3ValueReference /*references*/[],
                                  std::size_t /*count*/, const fmi3Float64 /*intervals*/[]) {
  return without_3(it, "fmi3SetIntervalDecimal");
}
fmi3Status fmi3SetIntervalFraction(fmi3Instance it, const fmi3ValueReference /*references*/[],
                                   std::size_t /*count*/, const std::uint64_t /*counters*/[],
                                   const std::uint64_t /*resolutions*/[]) {
  return without_3(it, "fmi3SetIntervalFraction");
}
fmi3Status fmi3SetShiftDecimal(fmi3Instance it, const fmi3ValueReference /*references*/[],
                               std::size_t /*count*/, const fmi3Float64 /*shifts*/[]) {
  return without_3(it, "fmi3SetShiftDecimal");
}
fmi3Status fmi3SetShiftFraction(fmi3Instance it, const fmi3ValueReference /*references*/[],
                                std::size_t /*count*/, const std::uint64_t /*counters*/[],
                                const std::uint64_t /*resolutions*/[]) {
  return without_3(it, "fmi3SetShiftFraction");
}
fmi3Status fmi3EvaluateDiscreteStates(fmi3Instance it) {
  return without_3(it, "fmi3EvaluateDiscreteStates");
}
fmi3Status fmi3UpdateDiscreteStates(fmi3Instance it, fmi3Boolean* /*needs_update*/,
                                    fmi3Boolean* /*is_over*/,
                                    fmi3Boolean* /*have_nominals_changed*/,
                                    fmi3Boolean* /*have_states_changed*/,
                                    fmi3Boolean* /*has_next_event*/,
                                    fmi3Float64* /*next_event_s*/) {
  return without_3(it, "fmi3UpdateDiscreteStates");
}
fmi3Status fmi3EnterEventMode(fmi3Instance it) {
  return without_3(it, "fmi3EnterEventMode");
}
fmi3Status fmi3EnterStepMode(fmi3Instance it) {
  return without_3(it, "fmi3EnterStepMode");
}
fmi3Status fmi3EnterContinuousTimeMode(fmi3Instance it) {
  return without_3(it, "fmi3EnterContinuousTimeMode");
}
fmi3Status fmi3CompletedIntegratorStep(fmi3Instance it, fmi3Boolean /*is_final*/,
                                       fmi3Boolean* /*enters_event_mode*/,
                                       fmi3Boolean* /*is_over*/) {
  return without_3(it, "fmi3CompletedIntegratorStep");
}
fmi3Status fmi3SetTime(fmi3Instance it, fmi3Float64 /*time_s*/) {
  return without_3(it, "fmi3SetTime");
}
fmi3Status fmi3SetContinuousStates(fmi3Instance it, const fmi3Float64 /*states*/[],
                                   std::size_t /*count*/) {
  return without_3(it, "fmi3SetContinuousStates");
}
fmi3Status fmi3GetContinuousStateDerivatives(fmi3Instance it, fmi3Float64 /*derivatives*/[],
                                             std::size_t /*count*/) {
  return without_3(it, "fmi3GetContinuousStateDerivatives");
}
fmi3Status fmi3GetEventIndicators(fmi3Instance it, fmi3Float64 /*indicators*/[],
                                  std::size_t /*count*/) {
  return without_3(it, "fmi3GetEventIndicators");
}
fmi3Status fmi3GetContinuousStates(fmi3Instance it, fmi3Float64 /*states*/[],
                                   std::size_t /*count*/) {
  return without_3(it, "fmi3GetContinuousStates");
}
fmi3Status fmi3GetNominalsOfContinuousStates(fmi3Instance it, fmi3Float64 /*nominals*/[],
                                             std::size_t /*count*/) {
  return without_3(it, "fmi3GetNominalsOfContinuousStates");
}
fmi3Status fmi3GetNumberOfEventIndicators(fmi3Instance it, std::size_t* /*count*/) {
  return without_3(it, "fmi3GetNumberOfEventIndicators");
}
fmi3Status fmi3GetNumberOfContinuousStates(fmi3Instance it, std::size_t* /*count*/) {
  return without_3(it, "fmi3GetNumberOfContinuousStates");
}
fmi3Status fmi3GetOutputDerivatives(fmi3Instance it, const fmi3ValueReference /*references*/[],
                                    std::size_t /*count*/, const std::int32_t /*orders*/[],
                                    fmi3Float64 /*values*/[], std::size_t /*value_count*/) {
  return without_3(it, "fmi3GetOutputDerivatives");
}
fmi3Status fmi3ActivateModelPartition(fmi3Instance it, fmi3ValueReference /*clock*/,
                                      fmi3Float64 /*time_s*/) {
  return without_3(it, "fmi3ActivateModelPartition");
}

}  // extern "C"
// NOLINTEND(readability-identifier-naming)
