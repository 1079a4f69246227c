/* A handler as http-wasm has them: the host fills buffers of the guest, and keeps the exchange between two calls. */
#include <stdint.h>
#include <string.h>

#define HANDLER(name) __attribute__((import_module("http_handler"), import_name(name)))

HANDLER("get_uri") uint32_t get_uri(char *buffer, uint32_t limit);
HANDLER("write_body") void write_body(uint32_t kind, const char *body, uint32_t length);

static char uri[64];
static uint32_t uri_length;

/* Asks for the request; bit 0: the host is to go on with its own handler, which `handle_response` follows. */
__attribute__((export_name("handle_request"))) uint64_t handle_request(void) {
  uri_length = get_uri(uri, sizeof uri);
  return 1;
}

/* Answers with the URI of the request. */
__attribute__((export_name("handle_response"))) void handle_response(uint32_t context, uint32_t is_error) {
  (void)context;
  (void)is_error;
  write_body(1, uri, uri_length);
}

/* Answers with the URI of the request, all in one call and on the stack. */
__attribute__((export_name("echo"))) uint32_t echo(void) {
  char own[64];
  uint32_t length = get_uri(own, sizeof own);
  write_body(1, own, length);
  return length;
}
