// The oldest wazero that generated code supports, and the language of that time.
module example.com/wrapped

go 1.20

require github.com/tetratelabs/wazero v1.7.3
