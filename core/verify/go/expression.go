package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
)

// An expression as the plan has it, parsed already.
type expression struct {
	Kind     string      `json:"kind"`
	Integer  *string     `json:"integer,omitempty"`
	Float    *string     `json:"float,omitempty"`
	Text     *string     `json:"text,omitempty"`
	Name     string      `json:"name,omitempty"`
	Type     string      `json:"type,omitempty"`
	Operator string      `json:"operator,omitempty"`
	Of       *expression `json:"of,omitempty"`
	Left     *expression `json:"left,omitempty"`
	Right    *expression `json:"right,omitempty"`
}

// What an expression is evaluated in: named results, and the bytes of the memory.
type scope interface {
	named(name string) (value, bool)
	load(address *big.Int, length int) ([]byte, error)
}

// eval evaluates; integers have 64 bits and wrap, and a float in an operation makes its result a float.
func (e *expression) eval(in scope) (value, error) {
	switch e.Kind {
	case "value":
		return e.literal()
	case "name":
		v, known := in.named(e.Name)
		if !known {
			return nil, fmt.Errorf("$%s has no value yet", e.Name)
		}
		return v, nil
	case "load":
		v, err := e.Of.eval(in)
		if err != nil {
			return nil, err
		}
		address, err := integer(v)
		if err != nil {
			return nil, err
		}
		read, err := in.load(address, widthOf(e.Type))
		if err != nil {
			return nil, err
		}
		return numberFrom(e.Type, read), nil
	case "unary":
		v, err := e.Of.eval(in)
		if err != nil {
			return nil, err
		}
		return unary(e.Operator, v)
	case "binary":
		return e.binary(in)
	}
	return nil, fmt.Errorf("unknown expression %q", e.Kind)
}

func (e *expression) literal() (value, error) {
	switch {
	case e.Integer != nil:
		v, ok := new(big.Int).SetString(*e.Integer, 10)
		if !ok {
			return nil, fmt.Errorf("%q is no integer", *e.Integer)
		}
		return v, nil
	case e.Float != nil:
		bits, ok := new(big.Int).SetString(*e.Float, 16)
		if !ok {
			return nil, fmt.Errorf("%q are no bits of a float", *e.Float)
		}
		return math.Float64frombits(bits.Uint64()), nil
	case e.Text != nil:
		return *e.Text, nil
	}
	return nil, nil
}

func unary(operator string, v value) (value, error) {
	if operator == "!" {
		return truth(!isTrue(v)), nil
	}
	if f, ok := v.(float64); ok && operator == "-" {
		return -f, nil
	}
	whole, err := integer(v)
	if err != nil {
		return nil, err
	}
	if operator == "~" {
		return wrap(new(big.Int).Not(whole)), nil
	}
	return wrap(new(big.Int).Neg(whole)), nil
}

func (e *expression) binary(in scope) (value, error) {
	left, err := e.Left.eval(in)
	if err != nil {
		return nil, err
	}
	if e.Operator == "&&" && !isTrue(left) {
		return truth(false), nil
	}
	if e.Operator == "||" && isTrue(left) {
		return truth(true), nil
	}
	right, err := e.Right.eval(in)
	if err != nil {
		return nil, err
	}
	switch e.Operator {
	case "&&", "||":
		return truth(isTrue(right)), nil
	case "==":
		return truth(equal(left, right)), nil
	case "!=":
		return truth(!equal(left, right)), nil
	}
	_, leftFloat := left.(float64)
	_, rightFloat := right.(float64)
	if leftFloat || rightFloat {
		a, err := float(left)
		if err != nil {
			return nil, err
		}
		b, err := float(right)
		if err != nil {
			return nil, err
		}
		return ofFloats(e.Operator, a, b)
	}
	a, err := integer(left)
	if err != nil {
		return nil, err
	}
	b, err := integer(right)
	if err != nil {
		return nil, err
	}
	return ofIntegers(e.Operator, a, b)
}

// equal compares; the unsigned and the signed form of an integer of 64 bits are equal.
func equal(left, right value) bool {
	a, leftInteger := left.(*big.Int)
	b, rightInteger := right.(*big.Int)
	if leftInteger && rightInteger {
		return wrap(a).Cmp(wrap(b)) == 0
	}
	if isText(left) || isText(right) || left == nil || right == nil {
		return left == right
	}
	x, _ := float(left)
	y, _ := float(right)
	return x == y
}

func isText(v value) bool {
	_, ok := v.(string)
	return ok
}

func ofIntegers(operator string, a, b *big.Int) (value, error) {
	made := new(big.Int)
	shift := uint(new(big.Int).And(b, big.NewInt(63)).Uint64())
	switch operator {
	case "<":
		return truth(a.Cmp(b) < 0), nil
	case "<=":
		return truth(a.Cmp(b) <= 0), nil
	case ">":
		return truth(a.Cmp(b) > 0), nil
	case ">=":
		return truth(a.Cmp(b) >= 0), nil
	case "+":
		return wrap(made.Add(a, b)), nil
	case "-":
		return wrap(made.Sub(a, b)), nil
	case "*":
		return wrap(made.Mul(a, b)), nil
	case "&":
		return wrap(made.And(a, b)), nil
	case "|":
		return wrap(made.Or(a, b)), nil
	case "^":
		return wrap(made.Xor(a, b)), nil
	case "<<":
		return wrap(made.Lsh(a, shift)), nil
	case ">>":
		return made.Rsh(wrap(a), shift), nil
	case ">>>":
		return made.Rsh(unsigned(a), shift), nil
	}
	if b.Sign() == 0 {
		return nil, errors.New("a division by zero")
	}
	if operator == "/" {
		return wrap(made.Quo(a, b)), nil
	}
	return wrap(made.Rem(a, b)), nil
}

func ofFloats(operator string, a, b float64) (value, error) {
	switch operator {
	case "<":
		return truth(a < b), nil
	case "<=":
		return truth(a <= b), nil
	case ">":
		return truth(a > b), nil
	case ">=":
		return truth(a >= b), nil
	case "+":
		return a + b, nil
	case "-":
		return a - b, nil
	case "*":
		return a * b, nil
	case "/":
		return a / b, nil
	case "%":
		return math.Mod(a, b), nil
	}
	return nil, fmt.Errorf("%s needs integers", operator)
}

// widthOf gives the bytes of a number of a type.
func widthOf(kind string) int {
	switch kind {
	case "i8", "u8":
		return 1
	case "i16", "u16":
		return 2
	case "i32", "u32", "f32":
		return 4
	}
	return 8
}

// numberFrom reads a number from its bytes in little-endian order.
func numberFrom(kind string, read []byte) value {
	switch kind {
	case "i8":
		return big.NewInt(int64(int8(read[0])))
	case "u8":
		return big.NewInt(int64(read[0]))
	case "i16":
		return big.NewInt(int64(int16(binary.LittleEndian.Uint16(read))))
	case "u16":
		return big.NewInt(int64(binary.LittleEndian.Uint16(read)))
	case "i32":
		return big.NewInt(int64(int32(binary.LittleEndian.Uint32(read))))
	case "u32":
		return big.NewInt(int64(binary.LittleEndian.Uint32(read)))
	case "i64":
		return big.NewInt(int64(binary.LittleEndian.Uint64(read)))
	case "u64":
		return new(big.Int).SetUint64(binary.LittleEndian.Uint64(read))
	case "f32":
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(read)))
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(read))
}

// numberBytes writes a number in little-endian order; integers wrap.
func numberBytes(kind string, v value) ([]byte, error) {
	made := make([]byte, 8)
	switch kind {
	case "f32", "f64":
		number := scriptFloat(v)
		if kind == "f32" {
			binary.LittleEndian.PutUint32(made, math.Float32bits(float32(number)))
		} else {
			binary.LittleEndian.PutUint64(made, math.Float64bits(number))
		}
	default:
		whole, err := integer(v)
		if err != nil {
			return nil, err
		}
		binary.LittleEndian.PutUint64(made, bitsOf(whole))
	}
	return made[:widthOf(kind)], nil
}

// scriptFloat converts like JavaScript's Number: null is zero.
func scriptFloat(v value) float64 {
	if v == nil {
		return 0
	}
	number, err := float(v)
	if err != nil {
		return math.NaN()
	}
	return number
}
