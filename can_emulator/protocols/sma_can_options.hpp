// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The dialects of the CAN of SMA and Victron, as data. Sources as in sma_can.cpp.
#pragma once

#include <string_view>

#include "can_emulator/dialect.hpp"

namespace doppelpack::can_emulator::sma_options {

/// In the order of kOptions; the enumerations below in that of the choices.
enum class Option { frames, pairs, state_of_charge, frame_length, battery_type };

enum class Frames { sma, victron };
inline constexpr std::string_view kFrames[]{"sma", "victron"};

inline constexpr std::string_view kPairs[]{"documented", "all", "jk", "silent"};

enum class StateOfCharge { fine, plain };
inline constexpr std::string_view kStatesOfCharge[]{"fine", "plain"};

enum class FrameLength { as_needed, all8 };
inline constexpr std::string_view kFrameLengths[]{"short", "all8"};

inline constexpr std::string_view kBatteryTypes[]{"Li", "none", "pytes"};

inline constexpr ProtocolOption kOptions[]{
    {"frames", "sma: those of its document and no other; victron: 0x360 and 0x370 to 0x382 too",
     kFrames},
    {"pairs",
     "0x35A of a healthy pack: documented (Seplos; every pair of the document is ok), all (BYD; "
     "the "
     "reserved ones too), jk (JK; those it supports), silent (Pytes; zeros; SMA keeps an alarm)",
     kPairs},
    {"state_of_charge",
     "0x355 from byte 4: fine: SOC in 0.01 % (SMA takes it in place of the other), plain: nothing",
     kStatesOfCharge},
    {"frame_length", "bytes of a frame: as many as it needs, or always 8 (BYD LVS)", kFrameLengths},
    {"battery_type",
     "bytes 0 and 1 of 0x35F: Li (BYD LVS), none (Seplos), pytes: 1, and the frame ends after the "
     "capacity",
     kBatteryTypes},
};

}  // namespace doppelpack::can_emulator::sma_options
