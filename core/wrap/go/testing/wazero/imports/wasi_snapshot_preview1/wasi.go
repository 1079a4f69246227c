// Package wasi_snapshot_preview1 stands for wazero's package of that name.
package wasi_snapshot_preview1

import (
	"context"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

func Instantiate(ctx context.Context, r wazero.Runtime) (api.Closer, error) {
	return r.NewHostModuleBuilder("wasi_snapshot_preview1").Instantiate(ctx)
}
