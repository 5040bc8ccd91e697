// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#pragma once

namespace doppelpack::models {

/// Which vector instructions work on cells side by side. Results have the same bits at any width.
enum class VectorLevel {
  automatic,  ///< the widest this processor has
  baseline,   ///< what every processor of the architecture has
  avx2,
};

/// True when this program and processor can do it.
bool is_available(VectorLevel level);

}  // namespace doppelpack::models
