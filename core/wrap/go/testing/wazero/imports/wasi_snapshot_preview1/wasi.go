// Package wasi_snapshot_preview1 stands for wazero's package of that name.
package wasi_snapshot_preview1

import (
	"context"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

const ModuleName = "wasi_snapshot_preview1"

// FunctionExporter exports WASI to a module that a program completes.
type FunctionExporter interface {
	ExportFunctions(wazero.HostModuleBuilder)
}

func NewFunctionExporter() FunctionExporter { return exporter{} }

type exporter struct{}

func (exporter) ExportFunctions(wazero.HostModuleBuilder) {}

func Instantiate(ctx context.Context, r wazero.Runtime) (api.Closer, error) {
	return r.NewHostModuleBuilder(ModuleName).Instantiate(ctx)
}
