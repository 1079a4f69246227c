#!/usr/bin/env bash
# Fails as EXIT_CODE says, once the log is uploaded. A run that could not tell is a warning.
set -euo pipefail
case "$EXIT_CODE" in
  0) ;;
  1)
    if [ "$INPUT_FAIL" = true ]; then
      echo "::error::wasm-hazards found hazards; code scanning shows them"
      exit 1
    fi
    echo "::notice::wasm-hazards found hazards; code scanning shows them"
    ;;
  3) echo "::warning::wasm-hazards: a run was inconclusive" ;;
  *)
    echo "::error::wasm-hazards could not read all inputs, see the log of the step before"
    exit 2
    ;;
esac
