#pragma once

#include <cstdint>
#include <string_view>

namespace udf {

enum class Level : std::uint8_t { debug, info, warning, error };

/// Adds a line to the log of the run, with its level, worker and function, and the row of the batch where one is known.
/// Elsewhere the line goes to standard error.
void log(Level level, std::string_view text);

}  // namespace udf
