#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace udf {

/// A config file that does not hold what it should. Its text begins with the file, and the line where one is known.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A configuration file, read whole. It lives as long as the object that is made from it, so views of its text may be
/// kept in that object.
class Config {
 public:
  /// Reads the file at `path`. Throws ConfigError when it cannot be read.
  Config(std::string name, std::string path);
  Config(const Config&) = delete;
  Config& operator=(const Config&) = delete;

  /// The name that the registration asked for, such as `airports.csv`.
  std::string_view name() const { return name_; }
  /// Where the file lies in this process.
  const std::string& path() const { return path_; }
  /// The file's bytes.
  std::string_view text() const { return text_; }

 private:
  std::string name_;
  std::string path_;
  std::string text_;
};

}  // namespace udf
