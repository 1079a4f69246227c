package plugin

import (
	"context"
	"errors"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/sys"
)

func TestPlugin(t *testing.T) {
	ctx := context.Background()
	p, err := NewPool(ctx, nil, 2)
	if err != nil {
		t.Fatal(err)
	}
	get := func(exit error) (uint32, error) {
		wazero.Exports = map[string]func(context.Context, *wazero.State, []uint64) ([]uint64, error){
			"_start": func(_ context.Context, s *wazero.State, _ []uint64) ([]uint64, error) {
				if s.Count++; s.Count > 1 {
					t.Error("the main program ran twice in one instance")
				}
				return nil, exit
			},
			"get": func(_ context.Context, s *wazero.State, _ []uint64) ([]uint64, error) {
				return []uint64{uint64(s.Count)}, nil
			},
		}
		var got uint32
		err := p.Do(ctx, func(i *Instance) error {
			for n := 0; n < 3; n++ {
				value, err := i.Get(ctx)
				if err != nil {
					return err
				}
				got = value
			}
			return nil
		})
		return got, err
	}
	var exit *sys.ExitError
	if _, err := get(sys.NewExitError(3)); !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("exit code 3: %v", err)
	}
	for _, fine := range []error{sys.NewExitError(0), nil} {
		if got, err := get(fine); err != nil || got != 1 {
			t.Errorf("%v: %d, %v", fine, got, err)
		}
	}
}
