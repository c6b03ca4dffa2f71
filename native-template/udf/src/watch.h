#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "frames.h"

namespace udf::detail {

/// From now on a crash in a function adds a line to this file; see `udf_watch` in udf/abi.h. Throws UsageError when the
/// file cannot be written. `aloud`: it is told on standard error too, for hosts that may lose the file.
void watch(const std::string& path, bool aloud = false);

/// A crash, for whoever shares the memory with the process that crashes.
struct Crash {
  /// In the batch, from 0; -1 where it is not known.
  std::int64_t row = -1;
  /// Empty where nothing was told.
  std::array<char, 256> text{};
  std::size_t length = 0;
  Frames frames;

  std::string_view cause() const { return {text.data(), length}; }
};

/// For a process that was forked from a watched one, by the thread that computes: from now on a crash goes into `told`
/// in place of the file.
void watch_copy(Crash& told);

/// A signal that asks a watched process where it is goes on to this copy of it; 0 for none.
void forward_questions(int process);

}  // namespace udf::detail
