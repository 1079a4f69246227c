#!/usr/bin/env bash
# Installs INPUT_PACKAGE into a folder of its own: nothing of the repository changes, and no script of a package runs.
set -euo pipefail
npm install --prefix "$RUNNER_TEMP/wasm-hazards" --ignore-scripts --no-audit --no-fund --no-save -- "$INPUT_PACKAGE"
