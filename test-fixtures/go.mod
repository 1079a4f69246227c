// There is no Go code here. This file makes the automatic choice of the host profile find wazero.
module example.com/wasm-fixtures

go 1.23

require github.com/tetratelabs/wazero v1.9.0
