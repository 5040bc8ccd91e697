// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What fmi2Component and fmi3Instance point to: an instance, and how it speaks to its master. Nothing
// that is thrown leaves a function of the standard.
#pragma once

#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "fmi/instance.hpp"
#include "sim/data_error.hpp"

namespace doppelpack::fmi {

/// Both versions number them alike.
enum class Status : int { ok = 0, warning = 1, discard = 2, error = 3, fatal = 4 };

inline constexpr const char* kErrorCategory = "logStatusError";

using Say = std::function<void(Status status, const std::string& message)>;

/// SystemC knows one simulation at a time per process (see Context), so the instances take turns.
inline std::mutex& turn() {
  static std::mutex mutex;
  return mutex;
}

class Component {
 public:
  Component(Say say, const std::filesystem::path& resources, std::string_view token)
      : say_(std::move(say)), instance_(resources, token) {}

  Instance& instance() { return instance_; }
  void say(Status status, const std::string& message) const { say_(status, message); }

 private:
  Say say_;
  Instance instance_;
};

/// Does something to the component; what is thrown becomes a message and an error.
template <typename Do>
Status guarded(void* component, const Do& act) noexcept {
  if (component == nullptr) return Status::error;
  auto& it = *static_cast<Component*>(component);
  try {
    const std::lock_guard lock(turn());
    act(it.instance());
    return Status::ok;
  } catch (const std::exception& error) {
    it.say(Status::error, error.what());
  } catch (...) {
    it.say(Status::error, "found an error without a word");
  }
  return Status::error;
}

/// nullptr, and a message, if it cannot be made.
inline Component* make_component(const Say& say, const std::filesystem::path& resources,
                                 std::string_view token) noexcept {
  try {
    const std::lock_guard lock(turn());
    return new Component(say, resources, token);
  } catch (const std::exception& error) {
    say(Status::error, error.what());
  } catch (...) {
    say(Status::error, "found an error without a word");
  }
  return nullptr;
}

inline void free_component(void* component) noexcept {
  const std::lock_guard lock(turn());
  delete static_cast<Component*>(component);
}

/// Says that the function is not there, for those the standard makes optional.
inline Status unsupported(void* component, const char* function) noexcept {
  if (component != nullptr)
    static_cast<Component*>(component)->say(Status::error,
                                            std::string(function) + ": not supported by this FMU");
  return Status::error;
}

// ---- what fmi2FMUstate and fmi3FMUState point to ----

/// The standard lets a state be used again.
inline void save_state(Instance& instance, void** state) {
  if (state == nullptr) throw sim::DataError({"", 0, "state"}, "found no place for it");
  auto moment = std::make_unique<Instance::Moment>(instance.save());
  delete static_cast<Instance::Moment*>(*state);
  *state = moment.release();
}

inline void restore_state(Instance& instance, const void* state) {
  if (state == nullptr) throw sim::DataError({"", 0, "state"}, "found none, expected a saved one");
  instance.restore(*static_cast<const Instance::Moment*>(state));
}

inline void free_state(void** state) {
  if (state == nullptr) return;
  delete static_cast<Instance::Moment*>(*state);
  *state = nullptr;
}

}  // namespace doppelpack::fmi
