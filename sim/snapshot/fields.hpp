// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Structs field by field, for cereal. FIELDS takes a struct apart into as many names as it has fields:
// one that is missing does not compile.
#pragma once

#include <cereal/cereal.hpp>

// NOLINTBEGIN(bugprone-macro-parentheses): a type and a list of names cannot be in parentheses
#define FIELDS(Type, ...)                      \
  template <typename Archive>                  \
  void serialize(Archive& archive, Type& it) { \
    auto& [__VA_ARGS__] = it;                  \
    archive(__VA_ARGS__);                      \
  }
// NOLINTEND(bugprone-macro-parentheses)
