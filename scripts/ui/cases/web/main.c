#include <wasm_export.h>
