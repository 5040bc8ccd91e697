// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The functions of FMI 2.0.x for co-simulation and their types, as the standard defines them
// (Functional Mock-up Interface for Model Exchange and Co-Simulation 2.0.4, chapters 2.1 and 4.2).
#pragma once

#include <cstddef>

// NOLINTBEGIN(readability-identifier-naming): the names are the standard's
extern "C" {

using fmi2Component = void*;
using fmi2FMUstate = void*;
using fmi2ValueReference = unsigned int;
using fmi2Real = double;
using fmi2Integer = int;
using fmi2Boolean = int;
using fmi2String = const char*;
using fmi2Byte = char;
using fmi2Status = int;      // OK, Warning, Discard, Error, Fatal, Pending
using fmi2Type = int;        // ModelExchange, CoSimulation
using fmi2StatusKind = int;  // DoStep, Pending, LastSuccessfulTime, Terminated

struct fmi2CallbackFunctions {
  void (*logger)(void* environment, fmi2String instance, fmi2Status status, fmi2String category,
                 fmi2String message, ...);
  void* (*allocate_memory)(std::size_t count, std::size_t size);
  void (*free_memory)(void* memory);
  void (*step_finished)(void* environment, fmi2Status status);
  void* environment;
};

#define DOPPELPACK_FMI2 __attribute__((visibility("default"))) fmi2Status

__attribute__((visibility("default"))) const char* fmi2GetTypesPlatform();
__attribute__((visibility("default"))) const char* fmi2GetVersion();
DOPPELPACK_FMI2 fmi2SetDebugLogging(fmi2Component c, fmi2Boolean is_on, std::size_t count,
                                    const fmi2String categories[]);

__attribute__((visibility("default"))) fmi2Component fmi2Instantiate(
    fmi2String name, fmi2Type type, fmi2String guid, fmi2String resources,
    const fmi2CallbackFunctions* functions, fmi2Boolean is_visible, fmi2Boolean is_logging);
__attribute__((visibility("default"))) void fmi2FreeInstance(fmi2Component c);
DOPPELPACK_FMI2 fmi2SetupExperiment(fmi2Component c, fmi2Boolean has_tolerance, fmi2Real tolerance,
                                    fmi2Real start_s, fmi2Boolean has_stop, fmi2Real stop_s);
DOPPELPACK_FMI2 fmi2EnterInitializationMode(fmi2Component c);
DOPPELPACK_FMI2 fmi2ExitInitializationMode(fmi2Component c);
DOPPELPACK_FMI2 fmi2Terminate(fmi2Component c);
DOPPELPACK_FMI2 fmi2Reset(fmi2Component c);

DOPPELPACK_FMI2 fmi2GetReal(fmi2Component c, const fmi2ValueReference references[],
                            std::size_t count, fmi2Real values[]);
DOPPELPACK_FMI2 fmi2GetInteger(fmi2Component c, const fmi2ValueReference references[],
                               std::size_t count, fmi2Integer values[]);
DOPPELPACK_FMI2 fmi2GetBoolean(fmi2Component c, const fmi2ValueReference references[],
                               std::size_t count, fmi2Boolean values[]);
DOPPELPACK_FMI2 fmi2GetString(fmi2Component c, const fmi2ValueReference references[],
                              std::size_t count, fmi2String values[]);
DOPPELPACK_FMI2 fmi2SetReal(fmi2Component c, const fmi2ValueReference references[],
                            std::size_t count, const fmi2Real values[]);
DOPPELPACK_FMI2 fmi2SetInteger(fmi2Component c, const fmi2ValueReference references[],
                               std::size_t count, const fmi2Integer values[]);
DOPPELPACK_FMI2 fmi2SetBoolean(fmi2Component c, const fmi2ValueReference references[],
                               std::size_t count, const fmi2Boolean values[]);
DOPPELPACK_FMI2 fmi2SetString(fmi2Component c, const fmi2ValueReference references[],
                              std::size_t count, const fmi2String values[]);

DOPPELPACK_FMI2 fmi2GetFMUstate(fmi2Component c, fmi2FMUstate* state);
DOPPELPACK_FMI2 fmi2SetFMUstate(fmi2Component c, fmi2FMUstate state);
DOPPELPACK_FMI2 fmi2FreeFMUstate(fmi2Component c, fmi2FMUstate* state);
DOPPELPACK_FMI2 fmi2SerializedFMUstateSize(fmi2Component c, fmi2FMUstate state, std::size_t* size);
DOPPELPACK_FMI2 fmi2SerializeFMUstate(fmi2Component c, fmi2FMUstate state, fmi2Byte bytes[],
                                      std::size_t size);
DOPPELPACK_FMI2 fmi2DeSerializeFMUstate(fmi2Component c, const fmi2Byte bytes[], std::size_t size,
                                        fmi2FMUstate* state);
DOPPELPACK_FMI2 fmi2GetDirectionalDerivative(fmi2Component c, const fmi2ValueReference unknowns[],
                                             std::size_t unknown_count,
                                             const fmi2ValueReference knowns[],
                                             std::size_t known_count, const fmi2Real seeds[],
                                             fmi2Real derivatives[]);

DOPPELPACK_FMI2 fmi2SetRealInputDerivatives(fmi2Component c, const fmi2ValueReference references[],
                                            std::size_t count, const fmi2Integer orders[],
                                            const fmi2Real values[]);
DOPPELPACK_FMI2 fmi2GetRealOutputDerivatives(fmi2Component c, const fmi2ValueReference references[],
                                             std::size_t count, const fmi2Integer orders[],
                                             fmi2Real values[]);
DOPPELPACK_FMI2 fmi2DoStep(fmi2Component c, fmi2Real from_s, fmi2Real step_s, fmi2Boolean is_final);
DOPPELPACK_FMI2 fmi2CancelStep(fmi2Component c);
DOPPELPACK_FMI2 fmi2GetStatus(fmi2Component c, fmi2StatusKind kind, fmi2Status* value);
DOPPELPACK_FMI2 fmi2GetRealStatus(fmi2Component c, fmi2StatusKind kind, fmi2Real* value);
DOPPELPACK_FMI2 fmi2GetIntegerStatus(fmi2Component c, fmi2StatusKind kind, fmi2Integer* value);
DOPPELPACK_FMI2 fmi2GetBooleanStatus(fmi2Component c, fmi2StatusKind kind, fmi2Boolean* value);
DOPPELPACK_FMI2 fmi2GetStringStatus(fmi2Component c, fmi2StatusKind kind, fmi2String* value);

}  // extern "C"
// NOLINTEND(readability-identifier-naming)
