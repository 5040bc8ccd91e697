// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A child process that is asked and answers; what a question means is the caller's.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "cores/bell.hpp"

namespace doppelpack::sim {

/// Anonymous memory that is the same for this process and the children it forks afterwards. Pages
/// come into being when touched.
class SharedMemory {
 public:
  explicit SharedMemory(std::size_t bytes);
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  std::byte* data() const { return data_; }

 private:
  std::byte* data_;
  std::size_t bytes_;
};

/// What the two processes share.
struct QuestionLine {
  Bell question;
  Bell answer;
  char asked = 0;
};

/// The child's side.
class ChildSide {
 public:
  ChildSide(QuestionLine& line, int socket)
      : line_(&line), socket_(socket), questions_(line.question, socket) {}
  /// 0: there is nobody left to ask.
  char next_question();
  void answer();

 private:
  QuestionLine* line_;
  int socket_;
  BellListener questions_;
};

class ChildProcess {
 public:
  enum class Answer { given, late, gone };

  /// Forks. The child has no file descriptors but the standard ones, ignores what stops this process
  /// (it stops with it), calls body and ends.
  ChildProcess(double patience_s, const std::function<void(ChildSide&)>& body);
  /// Lets it end by itself when it waits for a question, else kills it.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  Answer ask(char question);
  Answer wait_for_answer();

  /// After an answer that was not given: kills what is left and says how it ended:
  /// "ended by signal 11 (Segmentation fault)", "ended with exit code 3".
  std::string end();

 private:
  int reap();

  SharedMemory shared_;
  QuestionLine* line_;
  pid_t pid_ = -1;
  int socket_ = -1;
  std::optional<BellListener> answers_;
  bool is_answering_ = true;
  double patience_s_;
};

}  // namespace doppelpack::sim
