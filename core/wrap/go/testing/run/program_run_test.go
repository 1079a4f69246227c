package command

import (
	"context"
	"errors"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/sys"
)

func TestProgram(t *testing.T) {
	ctx := context.Background()
	p, err := NewPool(ctx, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	run := func(exit error) error {
		wazero.Exports = map[string]func(context.Context, *wazero.State, []uint64) ([]uint64, error){
			"_start": func(_ context.Context, s *wazero.State, _ []uint64) ([]uint64, error) {
				if s.Count++; s.Count > 1 {
					t.Error("a program ran twice in one instance")
				}
				return nil, exit
			},
		}
		return p.Do(ctx, func(i *Instance) error { return i.Start(ctx) })
	}
	for _, fine := range []error{nil, sys.NewExitError(0), nil} {
		if err := run(fine); err != nil {
			t.Errorf("%v: %v", fine, err)
		}
	}
	var exit *sys.ExitError
	if err := run(sys.NewExitError(3)); !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("exit code 3: %v", err)
	}
	if wazero.Alive.Load() != 1 {
		t.Errorf("%d modules are open, WASI alone should be", wazero.Alive.Load())
	}
}
