// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The functions of FMI 3.0.x and their types, as the standard defines them (Functional Mock-up Interface
// Specification 3.0.2, chapters 2.2 to 5.2). Those of other kinds than co-simulation are there because
// masters load all of them.
#pragma once

#include <cstddef>
#include <cstdint>

// NOLINTBEGIN(readability-identifier-naming): the names are the standard's
extern "C" {

using fmi3Instance = void*;
using fmi3InstanceEnvironment = void*;
using fmi3FMUState = void*;
using fmi3ValueReference = std::uint32_t;
using fmi3Float32 = float;
using fmi3Float64 = double;
using fmi3Boolean = bool;
using fmi3String = const char*;
using fmi3Byte = std::uint8_t;
using fmi3Binary = const fmi3Byte*;
using fmi3Clock = bool;
using fmi3Status = int;  // OK, Warning, Discard, Error, Fatal
using fmi3DependencyKind = int;
using fmi3IntervalQualifier = int;

using fmi3LogMessageCallback = void (*)(fmi3InstanceEnvironment environment, fmi3Status status,
                                        fmi3String category, fmi3String message);
using fmi3AnyCallback = void (*)();  // those that this FMU never calls

#define DOPPELPACK_FMI3 __attribute__((visibility("default"))) fmi3Status
#define DOPPELPACK_FMI3_OTHER(type) __attribute__((visibility("default"))) type

DOPPELPACK_FMI3_OTHER(const char*) fmi3GetVersion();
DOPPELPACK_FMI3 fmi3SetDebugLogging(fmi3Instance it, fmi3Boolean is_on, std::size_t count,
                                    const fmi3String categories[]);
DOPPELPACK_FMI3_OTHER(fmi3Instance)
fmi3InstantiateModelExchange(fmi3String name, fmi3String token, fmi3String resources,
                             fmi3Boolean is_visible, fmi3Boolean is_logging,
                             fmi3InstanceEnvironment environment, fmi3LogMessageCallback log);
DOPPELPACK_FMI3_OTHER(fmi3Instance)
fmi3InstantiateCoSimulation(fmi3String name, fmi3String token, fmi3String resources,
                            fmi3Boolean is_visible, fmi3Boolean is_logging,
                            fmi3Boolean has_event_mode, fmi3Boolean may_return_early,
                            const fmi3ValueReference intermediate[], std::size_t count,
                            fmi3InstanceEnvironment environment, fmi3LogMessageCallback log,
                            fmi3AnyCallback intermediate_update);
DOPPELPACK_FMI3_OTHER(fmi3Instance)
fmi3InstantiateScheduledExecution(fmi3String name, fmi3String token, fmi3String resources,
                                  fmi3Boolean is_visible, fmi3Boolean is_logging,
                                  fmi3InstanceEnvironment environment, fmi3LogMessageCallback log,
                                  fmi3AnyCallback clock_update, fmi3AnyCallback lock_preemption,
                                  fmi3AnyCallback unlock_preemption);
DOPPELPACK_FMI3_OTHER(void) fmi3FreeInstance(fmi3Instance it);
DOPPELPACK_FMI3 fmi3EnterInitializationMode(fmi3Instance it, fmi3Boolean has_tolerance,
                                            fmi3Float64 tolerance, fmi3Float64 start_s,
                                            fmi3Boolean has_stop, fmi3Float64 stop_s);
DOPPELPACK_FMI3 fmi3ExitInitializationMode(fmi3Instance it);
DOPPELPACK_FMI3 fmi3EnterEventMode(fmi3Instance it);
DOPPELPACK_FMI3 fmi3Terminate(fmi3Instance it);
DOPPELPACK_FMI3 fmi3Reset(fmi3Instance it);

#define DOPPELPACK_FMI3_VALUES(word, type)                                                  \
  DOPPELPACK_FMI3 fmi3Get##word(fmi3Instance it, const fmi3ValueReference references[],     \
                                std::size_t count, type values[], std::size_t value_count); \
  DOPPELPACK_FMI3 fmi3Set##word(fmi3Instance it, const fmi3ValueReference references[],     \
                                std::size_t count, const type values[], std::size_t value_count);
DOPPELPACK_FMI3_VALUES(Float32, fmi3Float32)
DOPPELPACK_FMI3_VALUES(Float64, fmi3Float64)
DOPPELPACK_FMI3_VALUES(Int8, std::int8_t)
DOPPELPACK_FMI3_VALUES(UInt8, std::uint8_t)
DOPPELPACK_FMI3_VALUES(Int16, std::int16_t)
DOPPELPACK_FMI3_VALUES(UInt16, std::uint16_t)
DOPPELPACK_FMI3_VALUES(Int32, std::int32_t)
DOPPELPACK_FMI3_VALUES(UInt32, std::uint32_t)
DOPPELPACK_FMI3_VALUES(Int64, std::int64_t)
DOPPELPACK_FMI3_VALUES(UInt64, std::uint64_t)
DOPPELPACK_FMI3_VALUES(Boolean, fmi3Boolean)
DOPPELPACK_FMI3_VALUES(String, fmi3String)
DOPPELPACK_FMI3 fmi3GetBinary(fmi3Instance it, const fmi3ValueReference references[],
                              std::size_t count, std::size_t sizes[], fmi3Binary values[],
                              std::size_t value_count);
DOPPELPACK_FMI3 fmi3SetBinary(fmi3Instance it, const fmi3ValueReference references[],
                              std::size_t count, const std::size_t sizes[],
                              const fmi3Binary values[], std::size_t value_count);
DOPPELPACK_FMI3 fmi3GetClock(fmi3Instance it, const fmi3ValueReference references[],
                             std::size_t count, fmi3Clock values[]);
DOPPELPACK_FMI3 fmi3SetClock(fmi3Instance it, const fmi3ValueReference references[],
                             std::size_t count, const fmi3Clock values[]);
DOPPELPACK_FMI3 fmi3GetNumberOfVariableDependencies(fmi3Instance it, fmi3ValueReference reference,
                                                    std::size_t* count);
DOPPELPACK_FMI3 fmi3GetVariableDependencies(fmi3Instance it, fmi3ValueReference dependent,
                                            std::size_t dependent_elements[],
                                            fmi3ValueReference independents[],
                                            std::size_t independent_elements[],
                                            fmi3DependencyKind kinds[], std::size_t count);
DOPPELPACK_FMI3 fmi3GetFMUState(fmi3Instance it, fmi3FMUState* state);
DOPPELPACK_FMI3 fmi3SetFMUState(fmi3Instance it, fmi3FMUState state);
DOPPELPACK_FMI3 fmi3FreeFMUState(fmi3Instance it, fmi3FMUState* state);
DOPPELPACK_FMI3 fmi3SerializedFMUStateSize(fmi3Instance it, fmi3FMUState state, std::size_t* size);
DOPPELPACK_FMI3 fmi3SerializeFMUState(fmi3Instance it, fmi3FMUState state, fmi3Byte bytes[],
                                      std::size_t size);
DOPPELPACK_FMI3 fmi3DeserializeFMUState(fmi3Instance it, const fmi3Byte bytes[], std::size_t size,
                                        fmi3FMUState* state);
#define DOPPELPACK_FMI3_DERIVATIVE(word)                                                     \
  DOPPELPACK_FMI3 fmi3Get##word##Derivative(                                                 \
      fmi3Instance it, const fmi3ValueReference unknowns[], std::size_t unknown_count,       \
      const fmi3ValueReference knowns[], std::size_t known_count, const fmi3Float64 seeds[], \
      std::size_t seed_count, fmi3Float64 sensitivities[], std::size_t sensitivity_count);
DOPPELPACK_FMI3_DERIVATIVE(Directional)
DOPPELPACK_FMI3_DERIVATIVE(Adjoint)
DOPPELPACK_FMI3 fmi3EnterConfigurationMode(fmi3Instance it);
DOPPELPACK_FMI3 fmi3ExitConfigurationMode(fmi3Instance it);
DOPPELPACK_FMI3 fmi3GetIntervalDecimal(fmi3Instance it, const fmi3ValueReference references[],
                                       std::size_t count, fmi3Float64 intervals[],
                                       fmi3IntervalQualifier qualifiers[]);
DOPPELPACK_FMI3 fmi3GetIntervalFraction(fmi3Instance it, const fmi3ValueReference references[],
                                        std::size_t count, std::uint64_t counters[],
                                        std::uint64_t resolutions[],
                                        fmi3IntervalQualifier qualifiers[]);
DOPPELPACK_FMI3 fmi3GetShiftDecimal(fmi3Instance it, const fmi3ValueReference references[],
                                    std::size_t count, fmi3Float64 shifts[]);
DOPPELPACK_FMI3 fmi3GetShiftFraction(fmi3Instance it, const fmi3ValueReference references[],
                                     std::size_t count, std::uint64_t counters[],
                                     std::uint64_t resolutions[]);
DOPPELPACK_FMI3 fmi3SetIntervalDecimal(fmi3Instance it, const fmi3ValueReference references[],
                                       std::size_t count, const fmi3Float64 intervals[]);
DOPPELPACK_FMI3 fmi3SetIntervalFraction(fmi3Instance it, const fmi3ValueReference references[],
                                        std::size_t count, const std::uint64_t counters[],
                                        const std::uint64_t resolutions[]);
DOPPELPACK_FMI3 fmi3SetShiftDecimal(fmi3Instance it, const fmi3ValueReference references[],
                                    std::size_t count, const fmi3Float64 shifts[]);
DOPPELPACK_FMI3 fmi3SetShiftFraction(fmi3Instance it, const fmi3ValueReference references[],
                                     std::size_t count, const std::uint64_t counters[],
                                     const std::uint64_t resolutions[]);
DOPPELPACK_FMI3 fmi3EvaluateDiscreteStates(fmi3Instance it);
DOPPELPACK_FMI3 fmi3UpdateDiscreteStates(fmi3Instance it, fmi3Boolean* needs_update,
                                         fmi3Boolean* is_over, fmi3Boolean* have_nominals_changed,
                                         fmi3Boolean* have_states_changed,
                                         fmi3Boolean* has_next_event, fmi3Float64* next_event_s);

DOPPELPACK_FMI3 fmi3EnterContinuousTimeMode(fmi3Instance it);
DOPPELPACK_FMI3 fmi3CompletedIntegratorStep(fmi3Instance it, fmi3Boolean is_final,
                                            fmi3Boolean* enters_event_mode, fmi3Boolean* is_over);
DOPPELPACK_FMI3 fmi3SetTime(fmi3Instance it, fmi3Float64 time_s);
DOPPELPACK_FMI3 fmi3SetContinuousStates(fmi3Instance it, const fmi3Float64 states[],
                                        std::size_t count);
DOPPELPACK_FMI3 fmi3GetContinuousStateDerivatives(fmi3Instance it, fmi3Float64 derivatives[],
                                                  std::size_t count);
DOPPELPACK_FMI3 fmi3GetEventIndicators(fmi3Instance it, fmi3Float64 indicators[],
                                       std::size_t count);
DOPPELPACK_FMI3 fmi3GetContinuousStates(fmi3Instance it, fmi3Float64 states[], std::size_t count);
DOPPELPACK_FMI3 fmi3GetNominalsOfContinuousStates(fmi3Instance it, fmi3Float64 nominals[],
                                                  std::size_t count);
DOPPELPACK_FMI3 fmi3GetNumberOfEventIndicators(fmi3Instance it, std::size_t* count);
DOPPELPACK_FMI3 fmi3GetNumberOfContinuousStates(fmi3Instance it, std::size_t* count);

DOPPELPACK_FMI3 fmi3EnterStepMode(fmi3Instance it);
DOPPELPACK_FMI3 fmi3GetOutputDerivatives(fmi3Instance it, const fmi3ValueReference references[],
                                         std::size_t count, const std::int32_t orders[],
                                         fmi3Float64 values[], std::size_t value_count);
DOPPELPACK_FMI3 fmi3DoStep(fmi3Instance it, fmi3Float64 from_s, fmi3Float64 step_s,
                           fmi3Boolean is_final, fmi3Boolean* needs_events, fmi3Boolean* is_over,
                           fmi3Boolean* has_returned_early, fmi3Float64* reached_s);
DOPPELPACK_FMI3 fmi3ActivateModelPartition(fmi3Instance it, fmi3ValueReference clock,
                                           fmi3Float64 time_s);

}  // extern "C"
// NOLINTEND(readability-identifier-naming)
