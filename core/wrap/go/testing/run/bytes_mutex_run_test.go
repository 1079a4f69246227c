package text

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"sync"
	"testing"
)

//go:embed text.wasm
var module []byte

func TestStringsUnderTheLock(t *testing.T) {
	ctx := context.Background()
	g, err := New(ctx, module)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for n := 0; n < 8; n++ {
		group.Add(1)
		go func(n int) {
			defer group.Done()
			for k := 0; k < 100; k++ {
				name := fmt.Sprintf("goroutine %d, call %d", n, k)
				if got, err := g.Greet(ctx, name); got != "Hello, "+name || err != nil {
					t.Errorf("%q, %v", got, err)
				}
			}
		}(n)
	}
	group.Wait()
	if live, err := g.Live(ctx); live != 0 || err != nil {
		t.Errorf("%d blocks are not freed, %v", live, err)
	}
	if _, err := g.Greet(ctx, "thirteen char"); !errors.Is(err, ErrTrapped) {
		t.Errorf("a trap: %v", err)
	}
	if _, err := g.Greet(ctx, "Lena"); !errors.Is(err, ErrBroken) {
		t.Errorf("after a trap: %v", err)
	}
}
