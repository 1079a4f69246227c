package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tetratelabs/wazero/api"
)

// maxEffect is the most bytes that one effect reads or writes.
const maxEffect = 1 << 20

// A callState is what host functions know of the caller whose call they are part of.
type callState struct {
	caller int
	// counts are the calls of each function so far, for effects that differ by call.
	counts map[string]int
	// observed are calls that belong to the outcome of the step.
	observed []string
}

// stateKey is the key of a call's context under which host functions find its callState.
type stateKey struct{}

// withState makes the context of a caller's calls.
func withState(ctx context.Context, caller int) (context.Context, *callState) {
	state := &callState{caller: caller, counts: map[string]int{}}
	return context.WithValue(ctx, stateKey{}, state), state
}

// Effects are what one call of an imported function does: reads, writes, then its answer.
type effects struct {
	Reads   []effectRead  `json:"reads,omitempty"`
	Writes  []effectWrite `json:"writes,omitempty"`
	Returns []*expression `json:"returns,omitempty"`
	Traps   string        `json:"traps,omitempty"`
}

type effectRead struct {
	At     *expression `json:"at"`
	Length *expression `json:"length"`
	UTF8   bool        `json:"utf8,omitempty"`
}

type effectWrite struct {
	At  *expression `json:"at"`
	Max *expression `json:"max,omitempty"`
	content
}

// An effectScope has the arguments of a call as $0, $1, ..., and $caller.
type effectScope struct {
	function *hostFunction
	args     []uint64
	caller   int
	memory   api.Memory
}

func (s *effectScope) named(name string) (value, bool) {
	if name == "caller" {
		return big.NewInt(int64(s.caller)), true
	}
	index, err := strconv.Atoi(name)
	if err != nil || index >= len(s.args) {
		return nil, false
	}
	return typedValue(s.function.Params[index], s.args[index]), true
}

func (s *effectScope) load(address *big.Int, length int) ([]byte, error) {
	return s.read(bitsOf(address), uint64(length))
}

// read copies bytes of the memory; another caller may change them meanwhile.
func (s *effectScope) read(at, length uint64) ([]byte, error) {
	if length == 0 {
		return nil, nil
	}
	if at+length > uint64(s.size()) || at+length < at {
		return nil, beyond("reads", at, at+length, s.size())
	}
	view, _ := s.memory.Read(uint32(at), uint32(length))
	return append([]byte(nil), view...), nil
}

func (s *effectScope) write(at uint64, bytes []byte) error {
	end := at + uint64(len(bytes))
	if end > uint64(s.size()) || end < at {
		return beyond("writes", at, end, s.size())
	}
	s.memory.Write(uint32(at), bytes)
	return nil
}

func (s *effectScope) size() uint32 {
	if s.memory == nil {
		return 0
	}
	return s.memory.Size()
}

// natural gives an address or a number of bytes; a negative integer of 32 bits is a pointer.
func (s *effectScope) natural(e *expression) (uint64, error) {
	v, err := e.eval(s)
	if err != nil {
		return 0, err
	}
	whole, err := integer(v)
	if err != nil {
		return 0, err
	}
	if whole.Sign() < 0 && whole.Cmp(big.NewInt(-1<<31)) >= 0 {
		return uint64(uint32(bitsOf(whole))), nil
	}
	return bitsOf(whole), nil
}

// declared does what the scenario declares for one call, and puts the results on the stack.
func (f *hostFunction) declared(state *callState, memory api.Memory, stack []uint64) error {
	args := append([]uint64(nil), stack[:len(f.Params)]...)
	in := &effectScope{function: f, args: args, caller: state.caller, memory: memory}
	one := f.effectsOf(state)
	var seen []string
	for _, read := range one.Reads {
		text, err := in.readEffect(&read)
		if err != nil {
			return err
		}
		seen = append(seen, text)
	}
	if f.Observe {
		state.observed = append(state.observed, f.callText(args, seen))
	}
	for _, write := range one.Writes {
		if err := in.writeEffect(&write); err != nil {
			return err
		}
	}
	if one.Traps != "" {
		return &hostError{one.Traps}
	}
	for i, kind := range f.Results {
		stack[i] = 0
		if i >= len(one.Returns) || one.Returns[i] == nil {
			continue
		}
		v, err := one.Returns[i].eval(in)
		if err != nil {
			return err
		}
		if stack[i], err = typedBits(kind, v); err != nil {
			return err
		}
	}
	return nil
}

// effectsOf gives the effects of the caller's next call; the last ones are for all further calls.
func (f *hostFunction) effectsOf(state *callState) *effects {
	lists := f.Effects
	list := lists[len(lists)-1]
	if state.caller < len(lists) {
		list = lists[state.caller]
	}
	count := state.counts[f.Label]
	state.counts[f.Label]++
	if count >= len(list) {
		count = len(list) - 1
	}
	return &list[count]
}

func (s *effectScope) readEffect(read *effectRead) (string, error) {
	at, err := s.natural(read.At)
	if err != nil {
		return "", err
	}
	length, err := s.natural(read.Length)
	if err != nil {
		return "", err
	}
	if length > maxEffect {
		return "", &hostError{fmt.Sprintf("a read of %d bytes is not possible; the limit is %d", length, maxEffect)}
	}
	bytes, err := s.read(at, length)
	if err != nil {
		return "", err
	}
	if read.UTF8 {
		return scriptString(string(bytes)), nil
	}
	return "0x" + hex.EncodeToString(bytes), nil
}

func (s *effectScope) writeEffect(write *effectWrite) error {
	at, err := s.natural(write.At)
	if err != nil {
		return err
	}
	most := uint64(maxEffect)
	if write.Max != nil {
		if most, err = s.natural(write.Max); err != nil {
			return err
		}
	}
	bytes, err := write.bytes(s)
	if err != nil {
		return err
	}
	if uint64(len(bytes)) > most {
		bytes = bytes[:most]
	}
	if len(bytes) == 0 {
		return nil
	}
	return s.write(at, bytes)
}

// callText tells an observed call, with its arguments or with what it read.
func (f *hostFunction) callText(args []uint64, seen []string) string {
	texts := seen
	if len(texts) == 0 {
		for i, kind := range f.Params {
			texts = append(texts, argumentText(kind, args[i]))
		}
	}
	return fmt.Sprintf("%s(%s)", f.Label, strings.Join(texts, ", "))
}

func argumentText(kind string, bits uint64) string {
	switch v := typedValue(kind, bits).(type) {
	case *big.Int:
		return v.String()
	case float64:
		return scriptNumber(v)
	}
	if bits == 0 {
		return "null"
	}
	return "reference"
}

// scriptString quotes a text as JavaScript's JSON does; what is no UTF-8 becomes replacement characters.
func scriptString(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch r {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\b':
			b.WriteString(`\b`)
		case '\f':
			b.WriteString(`\f`)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		default:
			if r < ' ' {
				_, _ = fmt.Fprintf(&b, `\u%04x`, r)
			} else {
				b.WriteRune(r)
			}
		}
	}
	b.WriteByte('"')
	return b.String()
}

// utf16Text decodes text of AssemblyScript.
func utf16Text(bytes []byte) string {
	var text []byte
	for i := 0; i+1 < len(bytes); i += 2 {
		r := rune(bytes[i]) | rune(bytes[i+1])<<8
		if r >= 0xd800 && r < 0xe000 {
			r = utf8.RuneError
			if high := rune(bytes[i]) | rune(bytes[i+1])<<8; high < 0xdc00 && i+3 < len(bytes) {
				low := rune(bytes[i+2]) | rune(bytes[i+3])<<8
				if low >= 0xdc00 && low < 0xe000 {
					r = 0x10000 + (high-0xd800)<<10 + (low - 0xdc00)
					i += 2
				}
			}
		}
		text = append(text, string(r)...)
	}
	return string(text)
}
