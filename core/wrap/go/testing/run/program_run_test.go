package command

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"testing"

	"github.com/tetratelabs/wazero/sys"
)

//go:embed command.wasm
var module []byte

// ends makes the program end in another way than with exit code 0. It traps when it runs twice in one instance.
func ends(t *testing.T, code ...byte) []byte {
	t.Helper()
	// i32.const 0, call proc_exit
	exit := []byte{0x41, 0, 0x10, 0}
	if bytes.Count(module, exit) != 1 {
		t.Fatal("the module does not call proc_exit as expected")
	}
	return bytes.Replace(module, exit, code, 1)
}

func TestProgram(t *testing.T) {
	ctx := context.Background()
	// i32.const 0, drop, nop: it returns
	for _, fine := range [][]byte{module, ends(t, 0x41, 0, 0x1a, 1)} {
		p, err := NewPool(ctx, fine, 1)
		if err != nil {
			t.Fatal(err)
		}
		var seen []*Instance
		for n := 0; n < 3; n++ {
			if err := p.Do(ctx, func(i *Instance) error { seen = append(seen, i); return i.Start(ctx) }); err != nil {
				t.Error(err)
			}
		}
		for _, i := range seen {
			if !i.mod.IsClosed() {
				t.Error("the instance of a program that has ended is open")
			}
		}
	}
	p, err := NewPool(ctx, ends(t, 0x41, 3, 0x10, 0), 1)
	if err != nil {
		t.Fatal(err)
	}
	var exit *sys.ExitError
	if err := p.Do(ctx, func(i *Instance) error { return i.Start(ctx) }); !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("exit code 3: %v", err)
	}
}
