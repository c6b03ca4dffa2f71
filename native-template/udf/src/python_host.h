#pragma once

#include <cstddef>

// The part of CPython's stable ABI (3.10) that the door uses, declared here so that no Python is needed to build a
// module. All symbols are weak, so that the same object loads in a host that is not Python.

#define UDF_PYTHON extern "C" __attribute__((weak, visibility("default")))

struct PyObject;
using Py_ssize_t = std::ptrdiff_t;
using PyCFunctionFast = PyObject* (*)(PyObject* self, PyObject* const* arguments, Py_ssize_t count);

/// Layouts that the stable ABI fixes.
struct PyObjectHead {
  Py_ssize_t reference_count;
  void* type;
};
struct PyMethodDef {
  const char* name;
  PyCFunctionFast function;
  int flags;
  const char* doc;
};
struct PyModuleDef_Slot {
  int slot;
  void* value;
};
struct PyModuleDef {
  PyObjectHead head;
  PyObject* (*init)();
  Py_ssize_t index;
  PyObject* copy;
  const char* name;
  const char* doc;
  Py_ssize_t size;
  PyMethodDef* methods;
  PyModuleDef_Slot* slots;
  void* traverse;
  void* clear;
  void* free;
};

inline constexpr int METH_FASTCALL = 0x0080;
inline constexpr int Py_mod_exec = 2;

UDF_PYTHON PyObject _Py_NoneStruct;
UDF_PYTHON PyObject _Py_TrueStruct;
UDF_PYTHON PyObject _Py_FalseStruct;
UDF_PYTHON PyObject* PyExc_Exception;
UDF_PYTHON PyObject* PyExc_ImportError;
UDF_PYTHON PyObject* PyExc_OverflowError;
UDF_PYTHON PyObject* PyExc_RuntimeError;
UDF_PYTHON PyObject* PyExc_TypeError;
UDF_PYTHON PyObject* PyExc_ValueError;

UDF_PYTHON const char* Py_GetVersion();
UDF_PYTHON void Py_IncRef(PyObject*);
UDF_PYTHON void Py_DecRef(PyObject*);
UDF_PYTHON PyObject* PyModuleDef_Init(PyModuleDef*);
UDF_PYTHON int PyModule_AddObjectRef(PyObject* module, const char* name, PyObject* value);

UDF_PYTHON PyObject* PyErr_Occurred();
UDF_PYTHON void PyErr_Clear();
UDF_PYTHON void PyErr_SetString(PyObject* type, const char* message);
UDF_PYTHON void PyErr_SetObject(PyObject* type, PyObject* value);
UDF_PYTHON int PyErr_ExceptionMatches(PyObject* type);
UDF_PYTHON PyObject* PyErr_NewExceptionWithDoc(const char* name, const char* doc, PyObject* base, PyObject* dict);

UDF_PYTHON PyObject* PyObject_GetAttrString(PyObject*, const char* name);
UDF_PYTHON int PyObject_SetAttrString(PyObject*, const char* name, PyObject* value);
UDF_PYTHON PyObject* PyObject_CallNoArgs(PyObject*);
UDF_PYTHON PyObject* PyObject_CallFunctionObjArgs(PyObject*, ...);
UDF_PYTHON PyObject* PyObject_Type(PyObject*);

UDF_PYTHON int PyObject_IsInstance(PyObject*, PyObject* type);
UDF_PYTHON PyObject* PyObject_Format(PyObject*, PyObject* format);
UDF_PYTHON PyObject* PyImport_ImportModule(const char* name);

UDF_PYTHON PyObject* PyNumber_Add(PyObject*, PyObject*);
UDF_PYTHON PyObject* PyNumber_Subtract(PyObject*, PyObject*);
UDF_PYTHON PyObject* PyNumber_Index(PyObject*);
UDF_PYTHON double PyFloat_AsDouble(PyObject*);
UDF_PYTHON PyObject* PyFloat_FromDouble(double);
UDF_PYTHON long long PyLong_AsLongLong(PyObject*);
UDF_PYTHON PyObject* PyLong_FromLongLong(long long);
UDF_PYTHON unsigned long long PyLong_AsUnsignedLongLong(PyObject*);
UDF_PYTHON PyObject* PyLong_FromUnsignedLongLong(unsigned long long);
UDF_PYTHON PyObject* PyBool_FromLong(long);
UDF_PYTHON const char* PyUnicode_AsUTF8AndSize(PyObject*, Py_ssize_t* size);
UDF_PYTHON PyObject* PyUnicode_DecodeUTF8(const char*, Py_ssize_t size, const char* errors);

UDF_PYTHON int PyBytes_AsStringAndSize(PyObject*, char** bytes, Py_ssize_t* size);
UDF_PYTHON PyObject* PyBytes_FromStringAndSize(const char*, Py_ssize_t size);

UDF_PYTHON int PySequence_Check(PyObject*);
UDF_PYTHON Py_ssize_t PySequence_Size(PyObject*);
UDF_PYTHON PyObject* PySequence_GetItem(PyObject*, Py_ssize_t index);
UDF_PYTHON PyObject* PyList_New(Py_ssize_t size);
UDF_PYTHON int PyList_SetItem(PyObject* list, Py_ssize_t index, PyObject* stolen);
UDF_PYTHON PyObject* PyTuple_New(Py_ssize_t size);
UDF_PYTHON int PyTuple_SetItem(PyObject* tuple, Py_ssize_t index, PyObject* stolen);
UDF_PYTHON PyObject* PyTuple_GetItem(PyObject* tuple, Py_ssize_t index);
UDF_PYTHON Py_ssize_t PyTuple_Size(PyObject* tuple);

UDF_PYTHON PyObject* PyCapsule_New(void* pointer, const char* name, void (*destructor)(PyObject*));
UDF_PYTHON void* PyCapsule_GetPointer(PyObject* capsule, const char* name);

struct PyThreadState;
UDF_PYTHON PyThreadState* PyEval_SaveThread();
UDF_PYTHON void PyEval_RestoreThread(PyThreadState*);

#undef UDF_PYTHON

namespace udf::detail::python {

/// A Python exception is pending already.
struct PendingException {};

/// Owns one reference.
class Reference {
 public:
  explicit Reference(PyObject* owned) : object_(owned) {}
  Reference(Reference&& other) noexcept : object_(other.release()) {}
  Reference& operator=(Reference&&) = delete;
  ~Reference() {
    if (object_ != nullptr) Py_DecRef(object_);
  }
  PyObject* get() const { return object_; }
  PyObject* release() {
    PyObject* const released = object_;
    object_ = nullptr;
    return released;
  }

 private:
  PyObject* object_;
};

/// Takes a new reference; null means that an exception is pending. Throws PendingException.
inline Reference checked(PyObject* owned) {
  if (owned == nullptr) throw PendingException{};
  return Reference(owned);
}

}  // namespace udf::detail::python
