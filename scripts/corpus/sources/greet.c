/* The greeting of many WebAssembly tutorials: text goes in and out as a pointer and a length, packed into an i64. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Gives a text that the caller frees. */
__attribute__((export_name("greet"))) uint64_t greet(const char *name, uint32_t length) {
  static const char hello[] = "Hello, ";
  uint32_t size = sizeof hello - 1 + length;
  char *text = malloc(size);
  memcpy(text, hello, sizeof hello - 1);
  memcpy(text + sizeof hello - 1, name, length);
  return (uint64_t)(uintptr_t)text << 32 | size;
}

/* Gives a text in a buffer that all calls share. */
__attribute__((export_name("greet_static"))) uint64_t greet_static(const char *name, uint32_t length) {
  static char text[64];
  int size = snprintf(text, sizeof text, "Hello, %.*s", (int)length, name);
  return (uint64_t)(uintptr_t)text << 32 | (uint32_t)size;
}
