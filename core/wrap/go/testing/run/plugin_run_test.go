package plugin

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"testing"

	"github.com/tetratelabs/wazero/sys"
)

//go:embed plugin.wasm
var module []byte

// ends makes the main program end in another way than with exit code 0. It traps when it runs twice in one instance.
func ends(t *testing.T, code ...byte) []byte {
	t.Helper()
	// i32.const 0, call proc_exit
	exit := []byte{0x41, 0, 0x10, 0}
	if bytes.Count(module, exit) != 1 {
		t.Fatal("the module does not call proc_exit as expected")
	}
	return bytes.Replace(module, exit, code, 1)
}

func TestPlugin(t *testing.T) {
	ctx := context.Background()
	get := func(wasm []byte) (uint32, error) {
		p, err := NewPool(ctx, wasm, 2)
		if err != nil {
			return 0, err
		}
		var got uint32
		err = p.Do(ctx, func(i *Instance) error {
			for n := 0; n < 3; n++ {
				value, err := i.Get(ctx)
				if err != nil {
					return err
				}
				got = value
			}
			return nil
		})
		if closing := p.Close(ctx); closing != nil {
			t.Error(closing)
		}
		return got, err
	}
	var exit *sys.ExitError
	if _, err := get(ends(t, 0x41, 3, 0x10, 0)); !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("exit code 3: %v", err)
	}
	// i32.const 0, drop, nop: it returns
	for _, fine := range [][]byte{module, ends(t, 0x41, 0, 0x1a, 1)} {
		if got, err := get(fine); err != nil || got != 7 {
			t.Errorf("%d, %v: the main program has not run once", got, err)
		}
	}
}
