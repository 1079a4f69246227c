// Package use calls generated code of many modules as users do: from many goroutines, with arguments that suit some
// calls and make others trap.
package use

import (
	"context"
	"errors"
	"os"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tetratelabs/wazero"
)

// target is generated code for one module; targets lists all.
type target struct {
	name string
	wasm string
	// config sets what a new owner runs with.
	config func(func() wazero.RuntimeConfig)
	// owner makes a pool or a lock.
	owner func(ctx context.Context, wasm []byte) (any, error)
	// closed is the error of an owner that is closed.
	closed error
}

// hammerTest is a test of generated code that must pass; hammerTests lists all.
type hammerTest struct {
	name string
	test func(*testing.T)
}

var modes = map[string]func() wazero.RuntimeConfig{
	"compiler":    wazero.NewRuntimeConfigCompiler,
	"interpreter": wazero.NewRuntimeConfigInterpreter,
}

func TestUse(t *testing.T) {
	for _, one := range targets {
		for name, mode := range modes {
			t.Run(one.name+"/"+name, func(t *testing.T) {
				one.config(mode)
				use(t, one)
			})
		}
	}
}

func TestHammer(t *testing.T) {
	for _, one := range hammerTests {
		t.Run(one.name, one.test)
	}
}

const (
	goroutines = 8
	rounds     = 12
	// budget is the time for a target; callLimit ends calls that do not return.
	budget    = time.Second
	callLimit = 200 * time.Millisecond
)

func use(t *testing.T, one target) {
	wasm, err := os.ReadFile(one.wasm)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	made, err := one.owner(ctx, wasm)
	if err != nil {
		t.Fatal(err)
	}
	owner := reflect.ValueOf(made)
	do := owner.MethodByName("Do")
	reset := func() {
		if reset := owner.MethodByName("Reset"); reset.IsValid() {
			if err, _ := reset.Call([]reflect.Value{reflect.ValueOf(ctx)})[0].Interface().(error); err != nil {
				t.Errorf("Reset: %v", err)
			}
		}
	}
	var returned, failed atomic.Int64
	works, found := callThatReturns(ctx, do, reset)
	begin := time.Now()
	var group sync.WaitGroup
	for g := 0; g < goroutines; g++ {
		group.Add(1)
		go func(g int) {
			defer group.Done()
			for n := 0; n < rounds && time.Since(begin) < budget; n++ {
				limited, cancel := context.WithTimeout(ctx, callLimit)
				// Half of the goroutines wait for their turn however long the calls of the others take, and make the call
				// that returned alone.
				waits, steady := limited, found && g%2 == 0
				if steady {
					waits = ctx
				}
				err := inside(do, waits, func(instance reflect.Value) error {
					calls := callsOf(instance)
					if len(calls) == 0 {
						return nil
					}
					for k := 0; k < 3; k++ {
						if steady {
							if err := call(calls[works.method], ctx, works.seed); err != nil {
								return err
							}
						} else if err := call(calls[(g*rounds+n*3+k)%len(calls)], limited, uint64(n+k)); err != nil {
							return err
						}
						returned.Add(1)
					}
					return nil
				})
				cancel()
				if err == nil {
					continue
				}
				failed.Add(1)
				for _, wrong := range []string{"invalid memory address", "index out of range", "exports no function", "generated for another"} {
					if strings.Contains(err.Error(), wrong) {
						t.Errorf("%v", err)
					}
				}
				if errors.Is(err, one.closed) {
					t.Errorf("nobody has closed it: %v", err)
				}
				reset()
			}
		}(g)
	}
	group.Wait()
	for n := 0; n < 2; n++ {
		if err, _ := owner.MethodByName("Close").Call([]reflect.Value{reflect.ValueOf(ctx)})[0].Interface().(error); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if err := inside(do, ctx, func(reflect.Value) error { return nil }); !errors.Is(err, one.closed) {
		t.Errorf("Do after Close: %v", err)
	}
	t.Logf("%d calls returned, %d calls of Do failed", returned.Load(), failed.Load())
}

// guess is a call: a method among callsOf, and what makes its arguments.
type guess struct {
	method int
	seed   uint64
}

// callThatReturns looks for a call that returns when nothing else runs: with arguments that are guessed most calls of
// some modules trap or never end.
func callThatReturns(ctx context.Context, do reflect.Value, reset func()) (guess, bool) {
	const seeds, attempts = 4, 24
	for n, methods := 0, 1; n < methods*seeds && n < attempts; n++ {
		one, tried := guess{n / seeds, uint64(n % seeds)}, false
		err := inside(do, ctx, func(instance reflect.Value) error {
			calls := callsOf(instance)
			methods = len(calls)
			if methods == 0 {
				return nil
			}
			tried = true
			// A large module takes longer than this to have a new instance after a call that failed.
			limited, cancel := context.WithTimeout(ctx, callLimit)
			defer cancel()
			return call(calls[one.method], limited, one.seed)
		})
		if err != nil {
			reset()
		} else if tried {
			return one, true
		}
	}
	return guess{}, false
}

// inside calls Do with a function of the type that it takes.
func inside(do reflect.Value, ctx context.Context, f func(reflect.Value) error) error {
	body := reflect.MakeFunc(do.Type().In(1), func(args []reflect.Value) []reflect.Value {
		result := reflect.New(do.Type().In(1).Out(0)).Elem()
		if err := f(args[0]); err != nil {
			result.Set(reflect.ValueOf(err))
		}
		return []reflect.Value{result}
	})
	err, _ := do.Call([]reflect.Value{reflect.ValueOf(ctx), body})[0].Interface().(error)
	return err
}

// callsOf returns the methods that call an export: they take a context and numbers.
func callsOf(instance reflect.Value) []reflect.Value {
	var calls []reflect.Value
	for m := 0; m < instance.NumMethod(); m++ {
		method := instance.Method(m)
		// wazero looks at the context in loops only: nothing ends a long recursion, and in compiled code not even the
		// garbage collector interrupts it.
		if instance.Type().Method(m).Name == "Fibonacci" {
			continue
		}
		kind := method.Type()
		suits := kind.NumIn() > 0 && kind.In(0).String() == "context.Context" && kind.NumOut() > 0
		for n := 1; n < kind.NumIn(); n++ {
			switch kind.In(n).Kind() {
			case reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
			default:
				suits = false
			}
		}
		if suits {
			calls = append(calls, method)
		}
	}
	return calls
}

func call(method reflect.Value, ctx context.Context, seed uint64) error {
	args := []reflect.Value{reflect.ValueOf(ctx)}
	for n := 1; n < method.Type().NumIn(); n++ {
		arg := reflect.New(method.Type().In(n)).Elem()
		switch arg.Kind() {
		case reflect.Float32, reflect.Float64:
			arg.SetFloat(1.5)
		default:
			arg.SetUint([]uint64{64, 0, 1, 1024}[(seed+uint64(n))%4])
		}
		args = append(args, arg)
	}
	results := method.Call(args)
	err, _ := results[len(results)-1].Interface().(error)
	return err
}
