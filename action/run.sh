#!/usr/bin/env bash
# Runs INPUT_COMMAND on INPUT_FILES and writes INPUT_SARIF_FILE. Does not fail on findings: the log is uploaded first.
set -euo pipefail

stop() {
  echo "::error::wasm-hazards: $1"
  exit 2
}

case "$INPUT_COMMAND" in
  check | stress | verify) ;;
  *) stop "the input 'command' is check, stress or verify" ;;
esac

# A line is a path or a pattern. Without separators, a pattern is expanded and a blank in a path splits nothing.
shopt -s globstar nullglob
files=()
while IFS= read -r line || [ -n "$line" ]; do
  line="${line%$'\r'}"
  [ -n "${line//[[:space:]]/}" ] || continue
  if [ -e "$line" ]; then
    found=("$line")
  else
    IFS= found=($line)
  fi
  [ "${#found[@]}" -gt 0 ] || stop "no file matches a line of the input 'files'"
  for file in "${found[@]}"; do
    case "$file" in
      -*) files+=("./$file") ;;
      *) files+=("$file") ;;
    esac
  done
done <<<"$INPUT_FILES"
[ "${#files[@]}" -gt 0 ] || stop "the input 'files' is empty"
[ "$INPUT_COMMAND" = check ] || [ "${#files[@]}" -eq 1 ] || stop "$INPUT_COMMAND takes one file; use a step and a category for each"

args=()
while IFS= read -r line || [ -n "$line" ]; do
  line="${line%$'\r'}"
  [ -z "${line//[[:space:]]/}" ] || args+=("$line")
done <<<"$INPUT_ARGS"
[ -z "$INPUT_BASELINE" ] || args+=("--baseline=$INPUT_BASELINE")

program="$RUNNER_TEMP/wasm-hazards/node_modules/.bin/wasm-hazards"
code=0
mkdir -p -- "$(dirname -- "$INPUT_SARIF_FILE")"
"$program" "$INPUT_COMMAND" --format=sarif ${args[@]+"${args[@]}"} -- "${files[@]}" >"$INPUT_SARIF_FILE" || code=$?
# Without a log, as after a wrong option, there is nothing to upload, and no code means findings.
if [ ! -s "$INPUT_SARIF_FILE" ]; then
  rm -f -- "$INPUT_SARIF_FILE"
  code=2
fi
echo "exit-code=$code" >>"$GITHUB_OUTPUT"
[ ! -e "$INPUT_SARIF_FILE" ] || echo "sarif-file=$INPUT_SARIF_FILE" >>"$GITHUB_OUTPUT"
