#pragma once

/// The C door of a module: its functions over the Arrow C Data Interface. For hosts other than Node and Python; they
/// open the object with dlopen and find these functions by name. All may be called from any thread.

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// As the Arrow C Data Interface lays them down (arrow.apache.org, "The Arrow C data interface").
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif  // ARROW_C_DATA_INTERFACE

/// What a call of the C door gives: 0 when all is well.
enum UdfStatus {
  UDF_OK = 0,
  /// A mistake of the caller: wrong arguments, an unknown function, malformed data.
  UDF_USAGE_ERROR = 1,
  /// A function refused a row.
  UDF_ROW_ERROR = 2,
  /// A config file cannot be read, or its class refuses it.
  UDF_CONFIG_ERROR = 3,
  /// Anything else: no memory, a registration that makes no sense.
  UDF_MODULE_ERROR = 4,
};

/// Filled when a call fails; the caller then calls `release`.
struct UdfError {
  /// Zero-terminated UTF-8.
  char* message;
  /// Name of the function or of the config that failed; empty where there is none.
  char* subject;
  /// The row in the batch, from 0; -1 where there is none.
  int64_t row;
  void (*release)(struct UdfError*);
};

/// Gives the module's functions as JSON text, which stays for as long as the object is loaded.
int udf_describe(const char** json, struct UdfError* error);

/// Says which file a config is read from; before the functions that use it are called.
int udf_configure(const char* name, const char* path, struct UdfError* error);

/// Makes the objects of all methods now, so that a broken config fails here.
int udf_prepare(struct UdfError* error);

/// Computes one function, by its index in the description, over whole columns: `count` arrays of one length, which stay
/// the caller's. On success the caller owns `*result_schema` and `*result_array` and releases both.
int udf_call_arrow(int64_t index, int64_t count, const struct ArrowSchema* const* schemas,
                   const struct ArrowArray* const* arrays, struct ArrowSchema* result_schema,
                   struct ArrowArray* result_array, struct UdfError* error);

/// Where the function threw that gave this thread its last UDF_ROW_ERROR: `*frames` are the addresses of the calls,
/// innermost first, relative to where this object is loaded. They stay until the next one. Gives how many there are.
int64_t udf_error_frames(const uint64_t** frames);

/// For a process that only computes: from now on a crash (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) in a function first
/// adds a line of JSON to the file: module, signal, cause in words, function, rows of the batch, the row it was at (from
/// 0; absent where the compiler has left no trace of it), the rows of the function's earlier batches since this call, and
/// frames as above. What the signal does otherwise stays the same. SIGUSR2 adds such a line without a crash, and the
/// process goes on: it asks where a function that does not return is. The thread that calls this gets a stack of its own
/// for signals, so that a stack that is used up is told as well.
int udf_watch(const char* path, struct UdfError* error);

#ifdef __cplusplus
}
#endif
