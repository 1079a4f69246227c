package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"
)

// maxRead is the most bytes that one step reads.
const maxRead = 1 << 20

// fails begins the result of an expectation that does not hold.
const fails = "fails: "

// hostError is an error of the host in a step or in an imported function, worded already.
type hostError struct{ text string }

func (e *hostError) Error() string { return e.text }

// rangeError is one about an access beyond the memory, worded the same wherever it happens.
type rangeError struct{ text string }

func (e *rangeError) Error() string { return e.text }

// memoryName is what messages call the memory; set once, before anything runs.
var memoryName = "memory[0]"

// beyond is the error of an access to [at, end) of a memory that has fewer bytes.
func beyond(does string, at, end uint64, size uint32) error {
	return &rangeError{fmt.Sprintf("the host %s [%d, %d), but %s has %d bytes", does, at, end, memoryName, size)}
}

// A performer makes steps on one instance: for a caller, the setup or the probe.
type performer struct {
	ctx   context.Context
	state *callState
	mod   api.Module
	names map[string]value
	// functions are this performer's own function objects: one must not run two calls at the same time.
	functions map[string]api.Function
}

func newPerformer(ctx context.Context, caller int, mod api.Module, names map[string]value) *performer {
	own := make(map[string]value, len(names))
	for name, v := range names {
		own[name] = v
	}
	calls, state := withState(ctx, caller)
	return &performer{ctx: calls, state: state, mod: mod, names: own, functions: map[string]api.Function{}}
}

// prepare gets the function objects of steps, so that rounds do not.
func (p *performer) prepare(steps []step) {
	for i := range steps {
		if call := steps[i].Call; call != nil && p.functions[call.Export] == nil {
			p.functions[call.Export] = p.mod.ExportedFunction(call.Export)
		}
	}
}

func (p *performer) named(name string) (value, bool) {
	v, known := p.names[name]
	return v, known
}

func (p *performer) load(address *big.Int, length int) ([]byte, error) {
	return p.read(address, length)
}

// perform makes a step and returns its result as outcomes have it.
func (p *performer) perform(s *step) string {
	text, err := p.make(s)
	switch {
	case err != nil:
		text = "trap: " + trapText(err)
	case s.Hidden != "" && !strings.HasPrefix(text, fails):
		text = s.Hidden
	}
	if observed := p.state.observed; len(observed) > 0 {
		// What a host function was called with counts, whatever the result of the step is.
		text += "; " + strings.Join(observed, "; ")
		p.state.observed = nil
	}
	return text
}

func (p *performer) make(s *step) (string, error) {
	switch {
	case s.Call != nil:
		return p.call(s.Call)
	case s.Write != nil:
		return p.writeStep(s.Write)
	case s.Read != nil:
		return p.readStep(s.Read)
	}
	v, err := s.Expect.eval(p)
	if err != nil {
		return "", err
	}
	if isTrue(v) {
		return "holds", nil
	}
	return fails + strings.TrimPrefix(s.Text, "expect "), nil
}

func (p *performer) call(c *callStep) (string, error) {
	params := make([]uint64, len(c.Args))
	for i, one := range c.Args {
		if one.Expr == nil {
			bits, err := strconv.ParseUint(one.Bits, 10, 64)
			if err != nil {
				return "", err
			}
			params[i] = bits
			continue
		}
		v, err := one.Expr.eval(p)
		if err != nil {
			return "", err
		}
		if params[i], err = typedBits(one.Type, v); err != nil {
			return "", err
		}
	}
	function := p.functions[c.Export]
	if function == nil {
		function = p.mod.ExportedFunction(c.Export)
		p.functions[c.Export] = function
	}
	results, err := function.Call(p.ctx, params...)
	if err != nil {
		return "", err
	}
	for i, name := range c.Names {
		p.names[name] = typedValue(c.Results[i], results[i])
	}
	texts := make([]string, len(c.Results))
	for i, kind := range c.Results {
		texts[i] = typedText(kind, results[i])
	}
	if len(texts) == 1 {
		return texts[0], nil
	}
	return "(" + strings.Join(texts, ", ") + ")", nil
}

func (p *performer) writeStep(w *writeStep) (string, error) {
	bytes, err := w.bytes(p)
	if err != nil {
		return "", err
	}
	v, err := w.At.eval(p)
	if err != nil {
		return "", err
	}
	at, err := addressOf(v)
	if err != nil {
		return "", err
	}
	memory := p.mod.Memory()
	if int64(at)+int64(len(bytes)) > int64(memory.Size()) {
		return "", beyond("writes", uint64(at), uint64(at)+uint64(len(bytes)), memory.Size())
	}
	memory.Write(at, bytes)
	watchedStep(p.mod, true, uint64(at), uint64(len(bytes)))
	return "()", nil
}

// bytes returns what is written.
func (c *content) bytes(in scope) ([]byte, error) {
	if c.Value == nil {
		return hex.DecodeString(c.Hex)
	}
	v, err := c.Value.eval(in)
	if err != nil {
		return nil, err
	}
	return numberBytes(c.Type, v)
}

func (p *performer) readStep(r *readStep) (string, error) {
	v, err := r.At.eval(p)
	if err != nil {
		return "", err
	}
	address, err := addressOf(v)
	if err != nil {
		return "", err
	}
	at := new(big.Int).SetUint64(uint64(address))
	if r.Type != "utf8" && r.Type != "bytes" {
		found, err := p.read(at, widthOf(r.Type))
		if err != nil {
			return "", err
		}
		number := numberFrom(r.Type, found)
		p.name(r.As, number)
		if f, ok := number.(float64); ok {
			return numberText(f), nil
		}
		return number.(*big.Int).String(), nil
	}
	length := 0
	if r.Length == nil {
		length = textLength(p.mod.Memory(), address)
	} else {
		v, err := r.Length.eval(p)
		if err != nil {
			return "", err
		}
		wanted := scriptFloat(v)
		if !(wanted >= 0 && wanted <= maxRead) {
			return "", fmt.Errorf("a read of %s bytes is not possible; the limit is %d", scriptNumber(wanted), maxRead)
		}
		length = int(wanted)
	}
	found, err := p.read(at, length)
	if err != nil {
		return "", err
	}
	if r.Length == nil {
		if zero := bytes.IndexByte(found, 0); zero >= 0 {
			found = found[:zero]
		}
	}
	p.name(r.As, contentValue(r.Type, found))
	return "read " + r.Type + " " + hex.EncodeToString(found), nil
}

func (p *performer) name(name string, v value) {
	if name != "" {
		p.names[name] = v
	}
}

// read copies bytes of the memory, as a host does that calls Memory.Read.
func (p *performer) read(address *big.Int, length int) ([]byte, error) {
	at := uint32(bitsOf(address))
	memory := p.mod.Memory()
	view, ok := memory.Read(at, uint32(length))
	if !ok {
		return nil, beyond("reads", uint64(at), uint64(at)+uint64(length), memory.Size())
	}
	watchedStep(p.mod, false, uint64(at), uint64(length))
	return append([]byte(nil), view...), nil
}

// addressOf gives an integer the 32 bits of an address.
func addressOf(v value) (uint32, error) {
	whole, ok := v.(*big.Int)
	if !ok {
		return 0, errors.New("an address must be an integer")
	}
	return uint32(bitsOf(whole)), nil
}

// textLength gives the bytes of a text with its final zero.
func textLength(memory api.Memory, at uint32) int {
	if at >= memory.Size() {
		return 0
	}
	most := memory.Size() - at
	if most > maxRead {
		most = maxRead
	}
	view, ok := memory.Read(at, most)
	if !ok {
		return 0
	}
	if zero := bytes.IndexByte(view, 0); zero >= 0 {
		return zero + 1
	}
	return int(most)
}

// traps are wazero's words for traps, and V8's, which exploration has.
var traps = map[string]string{
	"out of bounds memory access":   "memory access out of bounds",
	"invalid table access":          "table index is out of bounds",
	"integer divide by zero":        "divide by zero",
	"integer overflow":              "float unrepresentable in integer range",
	"invalid conversion to integer": "float unrepresentable in integer range",
	"indirect call type mismatch":   "null function or function signature mismatch",
	"stack overflow":                "call stack exhausted",
	"unaligned atomic":              "operation does not support unaligned accesses",
	"uncaught exception":            "uncaught exception",
}

// trapText says why a call ended, in one line.
func trapText(err error) string {
	var exit *sys.ExitError
	if errors.As(err, &exit) {
		return fmt.Sprintf("exit(%d)", exit.ExitCode())
	}
	var own *hostError
	if errors.As(err, &own) {
		return own.text
	}
	var outside *rangeError
	if errors.As(err, &outside) {
		return outside.text
	}
	text, _, _ := strings.Cut(err.Error(), "\nwasm stack trace")
	text = strings.TrimSuffix(text, " (recovered by wazero)")
	rest, trapped := strings.CutPrefix(text, "wasm error: ")
	if !trapped {
		return strings.ReplaceAll(text, "\n", " ")
	}
	if known, ok := traps[rest]; ok {
		return known
	}
	return rest
}
