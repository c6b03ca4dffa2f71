#include "udf/config.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include "messages.h"

namespace udf {

Config::Config(std::string name, std::string path) : name_(std::move(name)), path_(std::move(path)) {
  const auto fail = [this] { throw ConfigError(detail::joined({path_, ": cannot be read: ", std::strerror(errno)})); };
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path_.c_str(), "rb"));
  if (!file) fail();
  char block[65536];
  for (std::size_t count; (count = std::fread(block, 1, sizeof block, file.get())) > 0;) text_.append(block, count);
  if (std::ferror(file.get()) != 0) fail();
}

}  // namespace udf
