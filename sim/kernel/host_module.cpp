// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "host_module.hpp"

#include "context.hpp"
#include "phases.hpp"

namespace doppelpack::sim {

void HostPorts::send(Time t_ns, const can_emulator::CanFrame& frame,
                     const CanSender& sender) const {
  for (std::size_t i = 0; i < can.size(); ++i) {
    if (sender.kind == CanSender::Kind::port && sender.index == i) continue;
    can[i]->send(frame, t_ns, pacer->due(t_ns));
  }
}

HostModule::HostModule(const sc_core::sc_module_name& name, HostPorts& ports, LocalTime& time,
                       CanBusModule* can, SerialLineModule* rs485)
    : sc_module(name), ports_(ports), can_(can), rs485_(rs485), next_exchange_(time, due_ns_) {
  SC_HAS_PROCESS(HostModule);
  SC_METHOD(exchange);
  sensitive << next_exchange_.event();
  dont_initialize();
}

void HostModule::plug_in() {
  const Time now_ns = sc_now_ns();
  due_ns_ = now_ns - now_ns % kHostPeriod + kHostPhase;
  if (due_ns_ < now_ns) due_ns_ += kHostPeriod;
}

void HostModule::exchange() {
  next_exchange_.acknowledge();
  next_exchange_.set(sc_now_ns() + kHostPeriod);
  for (std::size_t i = 0; i < ports_.can.size(); ++i) {
    frames_.clear();
    ports_.can[i]->take(frames_);
    for (const can_emulator::CanFrame& frame : frames_) {
      can_->transmit_from_port(i, frame);
    }
  }
  for (std::size_t i = 0; i < ports_.rs485.size(); ++i) {
    bytes_.clear();
    ports_.rs485[i]->take(bytes_);
    if (!bytes_.empty()) rs485_->transmit_from_port(i, bytes_);
  }
}

}  // namespace doppelpack::sim
