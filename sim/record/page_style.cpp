// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "record/page_style.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::string_view kPageStyle = R"(
:root { color-scheme: light dark; --text: #1d2125; --faint: #667; --line: #d5d9de; --back: #fff; --panel: #f4f6f8;
  --good: #1d7a3a; --bad: #b3261e; --open: #8a6100; }
@media (prefers-color-scheme: dark) { :root { --text: #e3e6ea; --faint: #9aa3ad; --line: #3a4148; --back: #15181b;
  --panel: #1f2428; --good: #5fcf83; --bad: #ff8a80; --open: #e6b450; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 90em; padding: 0 1em; color: var(--text);
  background: var(--back); }
table { border-collapse: collapse; width: 100%; }
td, th { border-bottom: 1px solid var(--line); padding: .25em .5em; text-align: left; vertical-align: top; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.passed, .safe, .annunciated { color: var(--good); } .failed, .missing, .finding { color: var(--bad); font-weight: bold; }
.not-covered, .reason, .latent { color: var(--open); } .faint { color: var(--faint); }
details { background: var(--panel); margin: .3em 0; padding: .2em .8em; border-radius: .3em; }
code { font-size: .9em; overflow-wrap: anywhere; }
)";

}  // namespace

std::string_view page_style() {
  return kPageStyle;
}

}  // namespace doppelpack::sim
