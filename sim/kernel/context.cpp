// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "context.hpp"

// The SystemC library refers to this entry point even when a program brings its own main().
int sc_main(int, char*[]) {
  return 0;
}

namespace doppelpack::sim {

Context::Context() : context_(new sc_core::sc_simcontext) {
  const Use use(*this);
  // One count of sc_time is one Time: 1 ns, 584 years.
  sc_core::sc_set_time_resolution(1, sc_core::SC_NS);
}

Context::~Context() {
  const Use use(*this);
  context_.reset();
}

Context::Use::Use(Context& context)
    : current_(sc_core::sc_curr_simcontext), fallback_(sc_core::sc_default_global_context) {
  sc_core::sc_curr_simcontext = context.context_.get();
  sc_core::sc_default_global_context = context.context_.get();
}

Context::Use::~Use() {
  sc_core::sc_curr_simcontext = current_;
  sc_core::sc_default_global_context = fallback_;
}

}  // namespace doppelpack::sim
