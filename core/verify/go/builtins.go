package main

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"
)

// maxAbortText is the most characters of a message of AssemblyScript, maxAssertText the most bytes of one of C.
const (
	maxAbortText  = 1000
	maxAssertText = 4096
)

// builtins are functions of the runtimes of languages, as exploration emulates them: those that work on memory alone.
var builtins = map[string]func(s *effectScope, stack []uint64) error{
	"assemblyscript abort": assemblyScriptAbort,
	"assemblyscript trace": func(*effectScope, []uint64) error { return nil },
	"assemblyscript seed":  answering(0),
	"emscripten resize":    emscriptenResize,
	"emscripten copy":      emscriptenCopy,
	"emscripten abort":     func(*effectScope, []uint64) error { return &hostError{"Aborted()"} },
	"emscripten assert":    emscriptenAssert,
	"emscripten exit":      func(s *effectScope, _ []uint64) error { return sys.NewExitError(uint32(s.args[0])) },
	"emscripten syscall":   answering(^uint32(51)), // ENOSYS: there is no file system.
	"emscripten one":       answering(1),
}

func answering(answer uint32) func(*effectScope, []uint64) error {
	return func(_ *effectScope, stack []uint64) error {
		stack[0] = uint64(answer)
		return nil
	}
}

// assemblyScriptAbort ends a call with the message of the exception.
// Source: https://www.assemblyscript.org/concepts.html#special-imports
func assemblyScriptAbort(s *effectScope, _ []uint64) error {
	text, err := s.managedString(s.args[0])
	if err != nil {
		return err
	}
	place, err := s.managedString(s.args[1])
	if err != nil {
		return err
	}
	if text == "" {
		text = "abort"
	}
	if place != "" {
		text += fmt.Sprintf(" at %s:%d:%d", place, uint32(s.args[2]), uint32(s.args[3]))
	}
	return &hostError{text}
}

// managedString reads UTF-16 whose bytes are counted in the word before it.
func (s *effectScope) managedString(pointer uint64) (string, error) {
	at := uint64(uint32(pointer))
	if at < 4 {
		return "", nil
	}
	size, err := s.read(at-4, 4)
	if err != nil {
		return "", err
	}
	length := uint64(binary.LittleEndian.Uint32(size))
	if length > 2*maxAbortText {
		length = 2 * maxAbortText
	}
	text, err := s.read(at, length&^1)
	return utf16Text(text), err
}

// emscriptenResize grows by a fifth, as the glue of Emscripten does, else to what is wanted.
func emscriptenResize(s *effectScope, stack []uint64) error {
	wanted := int64(uint32(s.args[0]))
	now := int64(s.size() / pageSize)
	needed := (wanted+pageSize-1)/pageSize - now
	eager := (now*pageSize*12/10+pageSize-1)/pageSize - now
	if eager < needed {
		eager = needed
	}
	stack[0] = 1
	for _, pages := range []int64{eager, needed} {
		if pages <= 0 {
			continue
		}
		if _, ok := s.memory.Grow(uint32(pages)); ok {
			return nil
		}
	}
	if needed > 0 {
		stack[0] = 0
	}
	return nil
}

func emscriptenCopy(s *effectScope, _ []uint64) error {
	const part = 4096
	to, from, count := uint64(uint32(s.args[0])), uint64(uint32(s.args[1])), uint64(uint32(s.args[2]))
	for at := uint64(0); at < count; at += part {
		length := count - at
		if length > part {
			length = part
		}
		read, err := s.read(from+at, length)
		if err != nil {
			return err
		}
		if err := s.write(to+at, read); err != nil {
			return err
		}
	}
	return nil
}

func emscriptenAssert(s *effectScope, _ []uint64) error {
	texts := make([]string, 0, 3)
	for _, i := range []int{0, 1, 3} {
		text, err := s.terminated(s.args[i])
		if err != nil {
			return err
		}
		texts = append(texts, text)
	}
	message := fmt.Sprintf("assertion failed: %s, at %s:%d", texts[0], texts[1], int32(uint32(s.args[2])))
	if texts[2] != "" {
		message += " in " + texts[2]
	}
	return &hostError{message}
}

// terminated reads text up to its final zero byte.
func (s *effectScope) terminated(pointer uint64) (string, error) {
	at, end := uint64(uint32(pointer)), uint64(s.size())
	if at == 0 || at >= end {
		return "", nil
	}
	length := end - at
	if length > maxAssertText {
		length = maxAssertText
	}
	read, err := s.read(at, length)
	if zero := bytes.IndexByte(read, 0); zero >= 0 {
		read = read[:zero]
	}
	return string(read), err
}

// builtin runs one of them.
func (f *hostFunction) builtin(state *callState, memory api.Memory, stack []uint64) error {
	args := append([]uint64(nil), stack[:len(f.Params)]...)
	in := &effectScope{function: f, args: args, caller: state.caller, memory: memory}
	return builtins[f.Builtin](in, stack)
}
