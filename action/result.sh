#!/usr/bin/env bash
# Fails as EXIT_CODE says, once the log is uploaded. An inconclusive result is a warning.
set -euo pipefail
case "$EXIT_CODE" in
  0) ;;
  1)
    if [ "$INPUT_FAIL" = true ]; then
      echo "::error::wasm-hazards found hazards; the log lists them"
      exit 1
    fi
    echo "::notice::wasm-hazards found hazards; the log lists them"
    ;;
  3) echo "::warning::wasm-hazards: inconclusive: a run could not tell, or something was not run" ;;
  *)
    echo "::error::wasm-hazards could not read or run all inputs; the output of the step 'Run wasm-hazards' says why"
    exit 2
    ;;
esac
