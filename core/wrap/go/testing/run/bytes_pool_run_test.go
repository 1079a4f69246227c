package text

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
)

//go:embed text.wasm
var module []byte

var ctx = context.Background()

func TestStringsInManyGoroutines(t *testing.T) {
	p, err := NewPool(ctx, module, 3)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for g := 0; g < 8; g++ {
		group.Add(1)
		go func(g int) {
			defer group.Done()
			for n := 0; n < 100; n++ {
				name := fmt.Sprintf("goroutine %d, call %d", g, n)
				if got, err := p.Greet(ctx, name); got != "Hello, "+name || err != nil {
					t.Errorf("%q, %v", got, err)
				}
				if got, err := p.Checksum(ctx, []byte{1, 2, byte(n)}); got != uint32(3+n) || err != nil {
					t.Errorf("%d, %v", got, err)
				}
			}
		}(g)
	}
	group.Wait()
	for n := 0; n < 3; n++ {
		i, err := p.Get(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if live, err := i.Live(ctx); live != 0 || err != nil {
			t.Errorf("%d blocks are not freed, %v", live, err)
		}
	}
}

func TestBlocks(t *testing.T) {
	p, err := NewPool(ctx, module, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Do(ctx, func(i *Instance) error {
		if got, err := i.Greet(ctx, ""); got != "Hello, " || err != nil {
			t.Errorf("nothing: %q, %v", got, err)
		}
		data := []byte{1, 2, 3}
		if err := i.Fill(ctx, data, 7); string(data) != "\a\a\a" || err != nil {
			t.Errorf("what the module writes: %v, %v", data, err)
		}
		if got, err := i.Join(ctx, []byte("abc"), []byte("de")); got != 5 || err != nil {
			t.Errorf("two blocks: %d, %v", got, err)
		}
		if _, err := i.Greet(ctx, strings.Repeat("x", 1<<17)); !errors.Is(err, ErrNoMemory) {
			t.Errorf("too large: %v", err)
		}
		if _, err := i.Join(ctx, []byte("abc"), make([]byte, 1<<17)); !errors.Is(err, ErrNoMemory) {
			t.Errorf("the second is too large: %v", err)
		}
		if got, err := i.Greet(ctx, "Lena"); got != "Hello, Lena" || err != nil {
			t.Errorf("after that: %q, %v", got, err)
		}
		if live, err := i.Live(ctx); live != 0 || err != nil {
			t.Errorf("%d blocks are not freed, %v", live, err)
		}
		var text string
		if err := i.WithBytes(ctx, []byte("Lena"), func(address, size uint32) error {
			r, err := i.GreetRaw(ctx, address, size)
			if err != nil {
				return err
			}
			answer, err := i.ReadMemory(uint32(r>>32), uint32(r))
			if err != nil {
				return err
			}
			text = string(answer)
			return i.Free(ctx, uint32(r>>32), uint32(r))
		}); text != "Hello, Lena" || err != nil {
			t.Errorf("by hand: %q, %v", text, err)
		}
		if err := i.WithBytes(ctx, nil, func(_, size uint32) error { return fmt.Errorf("%d bytes", size) }); err == nil {
			t.Error("the error of f is lost")
		}
		if live, err := i.Live(ctx); live != 0 || err != nil {
			t.Errorf("%d blocks are not freed, %v", live, err)
		}
		r, err := i.GreetRaw(ctx, 0, 3)
		if err != nil || uint32(r) != 10 {
			t.Errorf("the raw call: %x, %v", r, err)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	if _, err := p.Greet(ctx, "thirteen char"); !errors.Is(err, ErrTrapped) {
		t.Errorf("a trap: %v", err)
	}
	if got, err := p.Greet(ctx, "Mira"); got != "Hello, Mira" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
